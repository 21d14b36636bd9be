"""Puts what a reader found together as one company's books."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from stdnum.no import orgnr

from tieout.simulator.books import numbers
from tieout.simulator.books.loading import amounts, checks
from tieout.simulator.books.loading.accounts import Accounts
from tieout.simulator.books.loading.content import BankRow, Content, PersonRow
from tieout.simulator.books.loading.dimensions import Dimensions
from tieout.simulator.books.loading.invoices import add_invoices
from tieout.simulator.books.loading.openings import add_openings
from tieout.simulator.books.loading.parties import Parties
from tieout.simulator.books.loading.settling import settle
from tieout.simulator.books.loading.vat_codes import VatCodes
from tieout.simulator.books.loading.vouchers import Registers, Vouchers
from tieout.simulator.books.model import BankAccount, Books, ClientContact, Profile

_MANAGERS = ("daglig leder", "managing director", "general manager", "administrerende", "ceo")


def build(content: Content, *, digest: str, taken: set[str], now: datetime) -> Books:
    """One company's books as of `now`. `taken` are organisation numbers that others have. Raises BooksFileError."""
    books = Books(profile=_profile(content, digest, taken, now), now=now)
    opened = min(amounts.midnight(content.first_day), now)
    accounts = Accounts(books, opened, content.remarks)
    accounts.add_all(content.accounts)
    registers = Registers(
        accounts,
        Parties(books, accounts, opened, content.remarks),
        Dimensions(books, opened, content.remarks, content.slots),
        VatCodes(books, opened, content.remarks),
    )
    registers.parties.add_all(content.parties)
    registers.dimensions.add_all(content.dimensions)
    registers.vat_codes.add_all(content.vat_codes)
    _add_banks(books, content, accounts, opened)
    _add_contacts(books, content.contacts, opened)
    add_openings(books, content, accounts, registers.parties, opened)
    vouchers = Vouchers(books, content, registers, now)
    vouchers.add_all()
    add_invoices(books)
    settle(books, vouchers.references)
    books.expected = checks.expect(books, content, accounts, registers.parties)
    checks.compare(books, books.expected, content.remarks)
    books.remarks = list(content.remarks)
    return books


def _profile(content: Content, digest: str, taken: set[str], now: datetime) -> Profile:
    number = _organisation_number(content, digest, taken)
    return Profile(
        name=content.name,
        organisation_number=number,
        client_id=uuid5(NAMESPACE_URL, f"tieout:books:{digest}:{number}"),
        conversion_date=content.first_day,
        year_end_month=content.year_end_month,
        lock_date=content.first_day - timedelta(days=1),
        address=content.address,
        email=content.email,
        phone=content.phone,
        website=content.website,
        is_vat_registered=bool(content.vat_codes),
        settings_changed=min(amounts.midnight(content.first_day), now),
    )


def _organisation_number(content: Content, digest: str, taken: set[str]) -> str:
    """The file's own if it is a valid Norwegian one that is not taken; else one of the 3-series that follows from its bytes."""
    own = "".join(letter for letter in content.organisation_number or "" if letter in "0123456789")
    if orgnr.is_valid(own) and own not in taken:
        return own
    rng = Random(digest)
    while (derived := numbers.organisation_number(rng)) in taken:
        pass
    told = content.organisation_number or "none"
    reason = "another loaded company has it" if own in taken else "it is no valid Norwegian one"
    content.remarks.tell(
        f"The file's organisation number is {told}: {reason}. The company is shown as {derived}, derived from the file."
    )
    return derived


def _add_banks(books: Books, content: Content, accounts: Accounts, opened: datetime) -> None:
    for row in content.banks:
        account_no = _bank_account_no(books, row, accounts)
        if account_no is None:
            content.remarks.often("Bank accounts without a ledger account were left out", row.number)
            continue
        record = BankAccount(
            id=books.new_id(),
            created=opened,
            changed=opened,
            number=row.number,
            bank=row.bank,
            account_no=account_no,
            currency=row.currency,
            is_primary=not books.bank_accounts,
            bic=row.bic,
        )
        books.bank_accounts[record.id] = record


def _bank_account_no(books: Books, row: BankRow, accounts: Accounts) -> int | None:
    if row.account_id:
        return accounts.number(row.account_id)
    return (
        1920
        if 1920 in books.accounts
        else next((no for no in sorted(books.accounts) if str(no).startswith("19")), None)
    )


def _add_contacts(books: Books, persons: list[PersonRow], opened: datetime) -> None:
    for person in persons:
        is_manager = any(title in (person.title or "").lower() for title in _MANAGERS)
        record = ClientContact(
            id=books.new_id(),
            created=opened,
            changed=opened,
            name=f"{person.first_name} {person.last_name}".strip(),
            role="GeneralManager" if is_manager else "Other",
            email=person.email,
            phone=person.phone,
        )
        books.client_contacts[record.id] = record
