"""What the file says its books come to, and what it contradicts itself in. Nothing is mended, everything is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.accounts import Accounts
from tieout.simulator.books.loading.content import Content
from tieout.simulator.books.loading.parties import Parties
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import Books, Expected

_MOST = 1000  # so many breaks of one kind are named one by one


def expect(books: Books, content: Content, accounts: Accounts, parties: Parties) -> Expected:
    """The file's published closing balances and movements, by account number and contact."""
    expected = Expected(
        on=content.last_day,
        account_numbers={own: number for own, number in accounts.numbers.items() if own != str(number)},
    )
    for row in content.accounts:
        number = accounts.number(row.id)
        is_result = books.is_result(number)
        published, other = (row.result, row.closing) if is_result else (row.closing, row.result)
        if published is None:
            published = other  # programs that give a balance where the format has a result, and the other way round
        if published is not None:
            shelf = expected.result if is_result else expected.closing
            shelf[number] = shelf.get(number, 0) + published
    for (account_id, year, month), movement in content.monthly.items():
        expected.monthly[accounts.number(account_id), year, month] = movement
    for party in content.parties:
        for balance in party.balances:
            account_no = accounts.number(balance.account_id) if balance.account_id else None
            contact = parties.contact(party.kind, party.id, account_no)
            if contact is not None and balance.closing is not None:
                key = party.kind, contact.id
                expected.parties[key] = expected.parties.get(key, 0) + balance.closing
    return expected


def compare(books: Books, expected: Expected, remarks: Remarks) -> None:
    """Tell where the loaded books don't come to what the file publishes."""
    on = expected.on or books.now.date()
    _compare_accounts(books, expected, on, remarks)
    _compare_months(books, expected, remarks)
    _compare_parties(books, expected, on, remarks)
    _compare_control_accounts(books, on, remarks)


def _compare_accounts(books: Books, expected: Expected, on: date, remarks: Remarks) -> None:
    actual = books.trial_balance(on)
    for account_no, published in (expected.closing | expected.result).items():
        _tell(remarks, "Accounts whose closing balance in the file is not what its own entries come to",
              str(account_no), published, actual.get(account_no, 0))  # fmt: skip


def _compare_months(books: Books, expected: Expected, remarks: Remarks) -> None:
    if not expected.monthly:
        return
    actual: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for posting in books.postings.values():
        if posting.voucher.no:
            actual[posting.account_no, posting.date.year, posting.date.month] += posting.amount
    for (account_no, year, month), published in expected.monthly.items():
        _tell(remarks, "Months whose movement in the file is not what its own vouchers come to",
              f"{account_no} in {year}-{month:02d}", published, actual[account_no, year, month])  # fmt: skip


def _compare_parties(books: Books, expected: Expected, on: date, remarks: Remarks) -> None:
    actual = {kind: books.party_balances(kind, on) for kind in ("customer", "supplier")}
    for (kind, contact_id), published in expected.parties.items():
        _tell(remarks, f"A {kind}'s closing balance in the file is not what its own entries come to",
              books.contacts[contact_id].name, published, actual[kind].get(contact_id, 0))  # fmt: skip


def _compare_control_accounts(books: Books, on: date, remarks: Remarks) -> None:
    """Real files post to control accounts without naming the party, or open them with other sums than their parties'."""
    ledger = books.trial_balance(on)
    subledger: defaultdict[int, int] = defaultdict(int)
    for kind in ("customer", "supplier"):
        for contact_id, balance in books.party_balances(kind, on).items():
            contact = books.contacts[contact_id]
            number = contact.customer_no if kind == "customer" else contact.supplier_no
            subledger[books.control_account(kind, number or 0) or 0] += balance
    for account_no in _distinct(series.account_no for series in books.series):
        _tell(remarks, "Control accounts that differ from the sum of their parties",
              str(account_no), ledger.get(account_no, 0), subledger[account_no])  # fmt: skip


def _tell(remarks: Remarks, subject: str, what: str, published: int, actual: int) -> None:
    if published != actual:
        remarks.often(subject, f"{what}: {amounts.kroner(published)} against {amounts.kroner(actual)}", most=_MOST)


def _distinct(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(numbers))
