"""The ledger toy's books, and the same a day later when every kind of change has happened to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.sync.ledger_system import BANK, SALES, LedgerSystem, books_of_three_years

TODAY = date(2026, 3, 10)


def books_that_moved() -> LedgerSystem:
    """Sales, a payment, a reversal, a correction in place with and without new ids, an order that went, one that came."""
    system = books_of_three_years()
    system.pass_time(hours=25)
    sold = system.invoice(TODAY, customer=12, amount=250.5)
    system.invoice(TODAY, customer=13, amount=99.25)
    system.pay(sold, TODAY, customer=12)
    invoices = system.records["invoices"]
    system.reverse(next(key for key in invoices if invoices[key]["Balance"] and key != sold), TODAY, customer=11)
    system.voucher(date(2024, 6, 1), (BANK, 12), (SALES, -12))
    _correct(system)
    _replace(system)
    system.order()
    system.drop("orders", next(iter(system.records["orders"])))
    system.pass_time(hours=1)
    return system


def _correct(system: LedgerSystem) -> None:
    """A posting of 2025 moves to another account, without a stamp."""
    rows = system.records["postings"]
    key = next(key for key, row in rows.items() if row["Day"] >= "2025" and row["Account"] == SALES)
    system.slip("postings", key, Account=BANK)


def _replace(system: LedgerSystem) -> None:
    """The first sale's rows are replaced by others under new ids."""
    rows = system.records["postings"]
    for key in [key for key, row in rows.items() if row["Voucher"] == 1]:
        row = rows.pop(key)
        kept = {name: value for name, value in row.items() if name not in ("Id", "Changed")}
        system.put("postings", key + 10_000, **kept)


BOOKS: dict[str, Callable[[], LedgerSystem]] = {"first": books_of_three_years, "later": books_that_moved}
