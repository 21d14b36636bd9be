"""Opening balances: voucher no. 0 on the day before the conversion date, and what parties owed or were owed then."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid5

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.accounts import Accounts
from tieout.simulator.books.loading.content import Content
from tieout.simulator.books.loading.parties import Parties
from tieout.simulator.books.model import Books, Entry, Posting, Voucher


def add_openings(books: Books, content: Content, accounts: Accounts, parties: Parties, opened: datetime) -> None:
    """One line an account with an opening balance. It need not sum to zero: then that is told, and nothing is added."""
    voucher = Voucher(
        id=uuid5(books.profile.client_id, "opening"),
        no=0,
        type="YearEndJournal",
        date=books.profile.conversion_date - timedelta(days=1),
        created=opened,
        description="Inngående balanse (importert)",
    )
    sums: dict[int, int] = {}
    for row in content.accounts:
        number = accounts.number(row.id)
        sums[number] = sums.get(number, 0) + row.opening
    for account_no, amount in sums.items():
        if amount:
            _post(books, voucher, account_no, amount)
    rest = sum(posting.amount for posting in voucher.postings)
    if rest:
        content.remarks.tell(
            f"The file's opening balances sum to {amounts.kroner(rest)}, not to zero; they were loaded as they are."
        )
    entries = _party_openings(books, content, accounts, parties, voucher)
    if voucher.postings or entries:
        books.add_voucher(voucher)


def _post(books: Books, voucher: Voucher, account_no: int, amount: int) -> None:
    posting = Posting(
        id=books.new_id(),
        created=voucher.created,
        changed=voucher.created,
        voucher=voucher,
        account_no=account_no,
        date=voucher.date,
        amount=amount,
        currency_amount=amount,
        description=voucher.description,
    )
    voucher.postings.append(posting)


def _party_openings(books: Books, content: Content, accounts: Accounts, parties: Parties, voucher: Voucher) -> int:
    """One entry a party and control account: files don't tell which items it consists of. Returns how many."""
    count = 0
    for row in content.parties:
        for balance in row.balances:
            account_no = accounts.number(balance.account_id) if balance.account_id else None
            contact = parties.contact(row.kind, row.id, account_no)
            if not balance.opening or contact is None:
                continue
            entry = Entry(
                id=books.new_id(),
                created=voucher.created,
                changed=voucher.created,
                kind=row.kind,
                contact_id=contact.id,
                voucher=voucher,
                date=voucher.date,
                amount=balance.opening,
                currency_amount=balance.opening,
                matching_reference="Inngående balanse",
            )
            books.entries[entry.id] = entry
            count += 1
    return count
