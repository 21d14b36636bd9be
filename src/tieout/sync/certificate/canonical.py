"""Canonical JSON: one text for one meaning, so that a hash of it says something. Exact: no floats, no key twice."""

from __future__ import annotations

import hashlib
import json
from typing import Any


class UnreadableError(Exception):
    """What was given is no certificate. `str(error)` is a sentence for people."""


def canonical(value: Any) -> bytes:
    """Keys in order, no spaces, UTF-8 as it is. Raises TypeError for a float: an amount is a text."""
    _refuse_floats(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256(data: bytes) -> str:
    """In lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def parsed(text: bytes) -> dict[str, Any]:
    """JSON as strictly as it was written. Raises UnreadableError."""
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
        canonical(value)  # half of a character can be written in JSON, and nowhere else
    except (ValueError, RecursionError) as error:
        raise UnreadableError("it is not the JSON of a certificate, or it was cut off.") from error
    if not isinstance(value, dict):
        raise UnreadableError("it is JSON, and not a certificate.")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_float(text: str) -> Any:
    raise ValueError(f"{text[:20]!r} is a float")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("amounts are texts or Decimal, never floats")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(part)
