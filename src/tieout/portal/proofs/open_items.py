"""Open items of a data source by age, and those that lead to no invoice. Amounts have the ledger's sign: debit positive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tieout.portal.vouchers.reading import Ask, Row

AGES = ("not due", "1-30", "31-60", "61-90", "over 90")
LEDGERS = ("receivable", "payable")
SHOWN = 200

BY_AGE = """
select ledger, age, count(*) as items, sum(open_amount) as amount, max(at_date) as at_date
from core.open_items where company_id = ? group by ledger, age
"""
# An invoice's id is its voucher's. What leads to none was posted by a journal: its voucher explains it.
WITHOUT_INVOICE = """
select o.*, count(*) over () as in_all
from core.open_items as o
where o.company_id = ? and not exists (
    select 1 from core.invoices as i where i.company_id = o.company_id and i.invoice_id = o.voucher_id
)
order by abs(o.open_amount) desc, o.ledger, o.entry_id
limit ?
"""


@dataclass(slots=True)
class Ledger:
    """What customers or suppliers have open. `amounts` are by age, in the order of AGES."""

    name: str
    items: int = 0
    amounts: list[Decimal] = field(default_factory=lambda: [Decimal(0)] * len(AGES))

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """`at` is the day of it all, None where nothing is open. `journals` are the largest of those `without_invoice`."""

    at: date | None
    ledgers: Sequence[Ledger]
    journals: Sequence[Row]
    without_invoice: int


NOTHING = Items(at=None, ledgers=(), journals=(), without_invoice=0)


def items_of(ask: Ask, company: str) -> Items:
    """What is open now, as the newest sync left it."""
    ages, journals = ask(BY_AGE, company), ask(WITHOUT_INVOICE, company, SHOWN)
    return Items(
        at=max((row["at_date"] for row in ages), default=None),
        ledgers=_ledgers(ages),
        journals=journals,
        without_invoice=journals[0]["in_all"] if journals else 0,
    )


def _ledgers(rows: Iterable[Row]) -> list[Ledger]:
    found = {name: Ledger(name) for name in LEDGERS}
    for row in rows:
        ledger = found[row["ledger"]]
        ledger.items += row["items"]
        ledger.amounts[AGES.index(row["age"])] += row["amount"]
    return [ledger for ledger in found.values() if ledger.items]
