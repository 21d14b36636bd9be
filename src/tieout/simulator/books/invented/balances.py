"""Balances of single accounts, for vouchers that settle what others left there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tieout.simulator.books.model import Books


def balances(books: Books, account_nos: Iterable[int], on: date) -> dict[int, int]:
    """Sum of all postings up to a date per account, øre, debit positive, zeros left out. Not for result accounts."""
    sums = dict.fromkeys(account_nos, 0)
    for posting in books.postings.values():
        if posting.account_no in sums and posting.date <= on:
            sums[posting.account_no] += posting.amount
    return {no: amount for no, amount in sums.items() if amount}
