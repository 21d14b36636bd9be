"""The opening voucher (no. 0, on the day before the conversion date): balances and open items brought along."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import Voucher

# Whole kroner, debit positive; equity takes the rest.
_BALANCE: tuple[tuple[int, int], ...] = (
    (1250, 600_000), (1280, 240_000), (1460, 350_000), (1920, 1_800_000), (1950, 160_000), (2000, -30_000), (2220, -900_000),
    (2600, -80_000), (2770, -60_000), (2940, -310_000),
)  # fmt: skip
# The year's result up to a conversion in the middle of a fiscal year.
_YEAR_TO_DATE = ((3020, -1_450_000), (4300, 420_000), (5000, 510_000), (5400, 72_000), (6300, 90_000), (6795, 24_000))


def open_books(company: InventedCompany) -> None:
    """Post the opening balances; sizes follow the number of employees."""
    books = company.books
    day = books.profile.conversion_date - timedelta(days=1)
    voucher = company.journal.voucher("YearEndJournal", day, "Inngående balanse")
    factor = max(company.business.employees, 2) * 10
    rows = _BALANCE
    if books.fiscal_year_start(books.profile.conversion_date) != books.profile.conversion_date:
        rows += _YEAR_TO_DATE
    for account_no, kroner in rows:
        company.journal.post(voucher, account_no, kroner * factor)
    for account_no, kroner in company.business.opening:
        company.journal.post(voucher, account_no, kroner * 100)
    _bring_open_items(company, voucher, day)
    company.journal.post(voucher, 2050, -sum(posting.amount for posting in voucher.postings))
    books.add_voucher(voucher)


def _bring_open_items(company: InventedCompany, voucher: Voucher, day: date) -> None:
    """A third of the customers and suppliers owe or are owed something; one item has been open for twenty years."""
    rng = company.rng
    for number, customer in enumerate(company.customers()[::3]):
        due = day - timedelta(days=20 * 365 if number == 0 else rng.randrange(-20, 40))
        entry = company.journal.post_party(
            voucher,
            customer,
            "customer",
            rng.randrange(500, 60_000) * 100 + 25,
            due=due,
            invoice_no=str(9_000 + number),
        )
        if number:
            company.receipts[company.books.profile.conversion_date + timedelta(days=rng.randrange(1, 40))].append(
                (entry, entry.amount)
            )
    for number, supplier in enumerate(company.suppliers()[::3]):
        due = day + timedelta(days=rng.randrange(1, 30))
        entry = company.journal.post_party(
            voucher, supplier, "supplier", -rng.randrange(500, 40_000) * 100 - 50, due=due, invoice_no=f"IB-{number}"
        )
        company.payables.append(entry)
