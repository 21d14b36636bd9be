"""Customers and suppliers: a number series for each control account, a contact for each party on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid5

from tieout.simulator.books.loading.accounts import Accounts
from tieout.simulator.books.loading.content import PartyRow, PersonRow
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import Books, Contact, ContactPerson, Named, Series

_STANDARD = {"customer": (10_000, "1500", "Kunder"), "supplier": (20_000, "2400", "Leverandører")}
_SMALL = 10_000
_ROOM = 1_000  # kept for parties that only vouchers name
_FURTHER = 10_000  # times the first number: where series beyond the standard one begin


@dataclass(slots=True)
class _Register:
    """The parties of one kind. A file that has none gets no series, and its lines make no subledger entries."""

    kind: str
    rows: dict[str, PartyRow] = field(default_factory=dict)
    default_account: int = 0
    open_series: dict[int, Series] = field(default_factory=dict)  # by control account, the one that takes new numbers
    contacts: dict[tuple[str, int], Contact] = field(default_factory=dict)  # (id, control account)
    numbers: set[int] = field(default_factory=set)
    next_free: dict[int, int] = field(default_factory=dict)  # by first number of a series
    next_first: int = 0


class Parties:
    def __init__(self, books: Books, accounts: Accounts, opened: datetime, remarks: Remarks) -> None:
        self._books = books
        self._accounts = accounts
        self._opened = opened
        self._remarks = remarks
        self._registers: dict[str, _Register] = {}

    def add_all(self, rows: list[PartyRow]) -> None:
        """Parties whose own number fits its series get it before the others are numbered."""
        self._add_payment_terms(rows)
        for kind in _STANDARD:
            own = [row for row in rows if row.kind == kind]
            if own:
                self._add_register(kind, own)

    def control_accounts(self, kind: str) -> set[int]:
        register = self._registers.get(kind)
        return set(register.open_series) if register else set()

    def contact(self, kind: str, party_id: str, account_no: int | None) -> Contact | None:
        """The party on a control account (None: its own first one); None if the account is not a control account of its kind."""
        register = self._registers.get(kind)
        if register is None:
            return None
        account_no = account_no or self._own_account(register, register.rows.get(party_id))
        if account_no not in register.open_series:
            return None
        known = register.contacts.get((party_id, account_no))
        return known or self._further(register, party_id, account_no)

    def _add_register(self, kind: str, rows: list[PartyRow]) -> None:
        register = self._registers[kind] = _Register(kind, next_first=_STANDARD[kind][0])
        for row in rows:
            if register.rows.setdefault(row.id, row) is not row:
                self._remarks.often(f"Parties that stand twice in the {kind} register: the first counts", row.id)
        register.default_account = self._default_account(kind, rows)
        uses: Counter[int] = Counter()
        for row in register.rows.values():
            uses.update(
                {self._number(register, balance.account_id) for balance in row.balances} or {register.default_account}
            )
        for account_no, count in uses.most_common():
            self._open_series(register, account_no, count)
        fitting = {row.id for row in register.rows.values() if self._fits(register, row)}
        for row in sorted(register.rows.values(), key=lambda row: row.id not in fitting):
            self._add(register, row, self._own_account(register, row))

    def _default_account(self, kind: str, rows: list[PartyRow]) -> int:
        """The control account that most parties name, else the standard one."""
        named = Counter(balance.account_id for row in rows for balance in row.balances if balance.account_id)
        return self._accounts.number(named.most_common(1)[0][0] if named else _STANDARD[kind][1])

    def _number(self, register: _Register, account_id: str | None) -> int:
        return self._accounts.number(account_id) if account_id else register.default_account

    def _own_account(self, register: _Register, row: PartyRow | None) -> int:
        return self._number(register, row.balances[0].account_id) if row and row.balances else register.default_account

    def _open_series(self, register: _Register, account_no: int, count: int) -> Series:
        size = _SMALL if count <= _SMALL - _ROOM else 100 * _SMALL * (count // (50 * _SMALL) + 1)
        standard, _, name = _STANDARD[register.kind]
        if register.next_first == standard and size > _SMALL:
            register.next_first = standard * _FURTHER
        first = register.next_first
        register.next_first = standard * _FURTHER if first == standard else first + size
        series = Series(
            id=uuid5(self._books.profile.client_id, f"series/{register.kind}/{first}"),
            kind=register.kind.capitalize(),
            name=f"{name} {account_no}",
            account_no=account_no,
            first=first,
            last=first + size - 1,
            is_default=all(other.kind.lower() != register.kind for other in self._books.series),
        )
        self._books.series.append(series)
        register.open_series[account_no] = series
        register.next_free[first] = first
        return series

    def _fits(self, register: _Register, row: PartyRow) -> bool:
        series = register.open_series[self._own_account(register, row)]
        number = _integer(row.id)
        return number is not None and series.first <= number <= series.last

    def _party_number(self, register: _Register, party_id: str, account_no: int) -> int:
        series, number = register.open_series[account_no], _integer(party_id)
        if number is not None and series.first <= number <= series.last and number not in register.numbers:
            return number
        free = register.next_free[series.first]
        while free in register.numbers:
            free += 1
        register.next_free[series.first] = free + 1
        if free > series.last:  # full: the control account gets a further series
            self._open_series(register, account_no, _SMALL * 10)
            return self._party_number(register, party_id, account_no)
        return free

    def _further(self, register: _Register, party_id: str, account_no: int) -> Contact:
        row = register.rows.get(party_id)
        if row is None:
            self._remarks.often(
                f"Parties that are used but missing in the {register.kind} register were added", party_id
            )
            row = register.rows[party_id] = PartyRow(
                kind=register.kind, id=party_id, name=f"{party_id} (ikke i filens register)"
            )
        else:
            self._remarks.often("Parties posted on several control accounts got a number for each", party_id)
        return self._add(register, row, account_no)

    def _add(self, register: _Register, row: PartyRow, account_no: int) -> Contact:
        number = self._party_number(register, row.id, account_no)
        register.numbers.add(number)
        own, is_customer = _integer(row.id), register.kind == "customer"
        first_name, _, last_name = row.name.rpartition(" ")
        contact = Contact(
            id=self._books.new_id(),
            created=self._opened,
            changed=self._opened,
            name=row.name,
            first_name=first_name or None if row.is_person else None,
            last_name=last_name if row.is_person else None,
            is_person=row.is_person,
            organisation_number=row.organisation_number,
            customer_no=number if is_customer else None,
            supplier_no=None if is_customer else number,
            customer_since=self._opened if is_customer else None,
            supplier_since=None if is_customer else self._opened,
            email=row.email,
            phone=row.phone,
            website=row.website,
            address=row.address,
            currency=row.currency or "NOK",
            payment_days=14 if row.payment_days is None else row.payment_days,
            external_no=own if own != number else None,
            is_archived=row.is_archived,
            is_active_customer=is_customer,
            is_active_supplier=not is_customer,
        )
        if own is None:
            self._remarks.often(f"{register.kind.capitalize()} ids that are no number got one", f"{row.id} -> {number}")
        self._books.contacts[contact.id] = register.contacts[row.id, account_no] = contact
        for position, person in enumerate(row.persons):
            self._add_person(contact, person, is_default=position == 0)
        return contact

    def _add_person(self, contact: Contact, person: PersonRow, *, is_default: bool) -> None:
        record = ContactPerson(
            id=self._books.new_id(),
            created=self._opened,
            changed=self._opened,
            contact_id=contact.id,
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            phone=person.phone,
            title=person.title,
            is_default=is_default,
        )
        self._books.contact_persons[record.id] = record

    def _add_payment_terms(self, rows: list[PartyRow]) -> None:
        for days in sorted({row.payment_days for row in rows if row.payment_days is not None} | {14}):
            term = Named(
                id=self._books.new_id(),
                created=self._opened,
                changed=self._opened,
                name=f"{days} dager",
                days=days,
                is_default=days == 14,
            )
            self._books.payment_terms[term.id] = term


def _integer(party_id: str) -> int | None:
    return int(party_id) if party_id.isascii() and party_id.isdecimal() and len(party_id) <= 15 else None
