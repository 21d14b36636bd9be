"""How values stand in the file: cut to the schema's lengths, without what XML can't carry, amounts by debit or credit."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from lxml import etree
from lxml.etree import _Element as Element

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
CODE, SHORT, MIDDLE, LONGER, LONG = 9, 18, 35, 70, 256  # lengths of the schema's types of text
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ORE = Decimal("0.01")


def element(name: str) -> Element:
    """An element of the file's namespace."""
    return etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})  # type: ignore[dict-item]


def add(parent: Element, name: str, text: object = None, *, limit: int = LONG) -> Element:
    """A child with a text cut to `limit` characters. Dates stand as ISO dates."""
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text is not None:
        child.text = _NOT_XML.sub(" ", text.isoformat() if isinstance(text, date) else str(text))[:limit]
    return child


def add_some(parent: Element, name: str, text: object, *, limit: int = LONG) -> None:
    """The same, unless there is nothing to say."""
    if text not in (None, ""):
        add(parent, name, text, limit=limit)


def money(amount: Decimal) -> str:
    """Kroner and øre, two decimals always. The amount has no more (`totals.sql` finds out before)."""
    return str(amount.quantize(_ORE))


def add_balance(parent: Element, when: str, amount: Decimal) -> None:
    """`when` Opening or Closing. Debit positive as in the ledger; the file has no minus signs here."""
    add(parent, f"{when}{'Debit' if amount >= 0 else 'Credit'}Balance", money(abs(amount)))
