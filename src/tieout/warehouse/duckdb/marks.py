"""What a page's bytes tell without being parsed: how many texts, nulls and records it has, counted at memory speed.

What a reader made of the page must explain all of them. A key it does not know, a value it dropped, a record it skipped:
each leaves quotation marks over.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

NOTHING = 64  # bytes: an empty list is not longer, packed or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """`quotes` around keys and texts; keys whose value is a text, or null; `records` that have the key field."""

    quotes: int = 0
    texts: int = 0
    nulls: int = 0
    records: int = 0
    bytes: int = 0

    def __add__(self, other: Marks) -> Marks:
        return Marks(
            quotes=self.quotes + other.quotes,
            texts=self.texts + other.texts,
            nulls=self.nulls + other.nulls,
            records=self.records + other.records,
            bytes=self.bytes + other.bytes,
        )

    def explained_by(self, *, values: int, texts: int) -> bool:
        """Whether the page held `values` that are not null, `texts` of them between quotation marks, and nothing else."""
        return self.texts == texts and self.quotes == 2 * (values + self.nulls + texts)


def marks_of(path: Path, key: str) -> Marks | None:
    """The marks of a page, or None where counting can't tell: broken gzip, or a backslash at the end of a text."""
    body = _plain(path)
    if body is None:
        return None
    escapes = b"\\" in body
    if escapes and b"\\\\" in body:
        return None
    marks = (b'"', b'":"', b'":null', f'"{key}":'.encode())
    within = [body.count(b"\\" + mark) if escapes else 0 for mark in marks]  # those that a text holds: `\"`
    quotes, texts, nulls, records = (body.count(mark) - n for mark, n in zip(marks, within, strict=True))
    return Marks(quotes=quotes, texts=texts, nulls=nulls, records=records, bytes=len(body))


def is_empty(path: Path) -> bool:
    """Whether a page is an empty list. False where it can't be read, which others tell."""
    return path.exists() and path.stat().st_size <= NOTHING and (_plain(path) or b"").split() in ([b"[]"], [b"[", b"]"])


def _plain(path: Path) -> bytes | None:
    """The page as it was before it was packed."""
    body = path.read_bytes()
    try:
        return zlib.decompress(body, wbits=31) if path.suffix == ".gz" else body
    except zlib.error:
        return None
