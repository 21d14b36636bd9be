"""Norwegian organisation numbers: nine digits of which the last is a check (modulus 11)."""

from __future__ import annotations

import re

from stdnum.no import orgnr


def normalise(text: str | None) -> str:
    """The digits alone: "NO 923 609 016 MVA" -> "923609016". Whatever is not a number stays as it is, trimmed."""
    trimmed = (text or "").strip()
    digits = re.sub(r"[\s\u00a0.\-]", "", trimmed.upper()).removeprefix("NO").removesuffix("MVA")
    return digits if digits.isascii() and digits.isdigit() else trimmed


def is_valid(text: str) -> bool:
    """Whether nine digits with the right check digit remain after `normalise`. Asked of typed numbers only."""
    return bool(orgnr.is_valid(normalise(text)))
