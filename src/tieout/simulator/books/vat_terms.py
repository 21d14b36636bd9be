"""What a company's VAT comes to, term by term: the truth behind its returns, from the lines that were taxed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from tieout.simulator.books.chart import DEDUCTION_ACCOUNTS, SELF_ASSESSED
from tieout.simulator.books.model import Books, Posting


@dataclass(slots=True)
class VatTerm:
    """Two months. Øre with the ledger's sign: `base` and `vat` of sales are negative.

    By VAT code: `base` as posted on the taxed accounts, `vat` as calculated. `returned` says whether a return was booked.
    """

    first: date
    last: date
    base: Counter[str] = field(default_factory=Counter)
    vat: Counter[str] = field(default_factory=Counter)
    returned: bool = False

    def accounts(self, books: Books) -> dict[int, int]:
        """The movement of each VAT account that follows from the codes, øre, debit positive, zeros left out."""
        moved: Counter[int] = Counter()
        for code, vat in self.vat.items():
            account_no = books.vat_codes[code].account_no
            if account_no is not None:
                moved[account_no] += -vat if code in SELF_ASSESSED else vat
            if code in DEDUCTION_ACCOUNTS:
                moved[DEDUCTION_ACCOUNTS[code]] += vat
        return {no: amount for no, amount in sorted(moved.items()) if amount}


def vat_terms(books: Books) -> list[VatTerm]:
    """All terms in which something was taxed or returned, the oldest first. The opening voucher is no part of any."""
    terms: dict[date, VatTerm] = {}
    for posting in books.postings.values():
        if posting.voucher.no and (posting.vat_code is not None or posting.voucher.type == "VatReturns"):
            _add(terms.setdefault(_first_day(posting.date), _term(posting.date)), posting)
    return [terms[first] for first in sorted(terms)]


def _add(term: VatTerm, posting: Posting) -> None:
    if posting.voucher.type == "VatReturns":
        term.returned = True
    elif posting.vat_code is not None:
        term.base[posting.vat_code] += posting.amount
        term.vat[posting.vat_code] += posting.vat_amount


def _first_day(day: date) -> date:
    return date(day.year, day.month - (day.month + 1) % 2, 1)


def _term(day: date) -> VatTerm:
    first = _first_day(day)
    next_term = (first + timedelta(days=62)).replace(day=1)
    return VatTerm(first, next_term - timedelta(days=1))
