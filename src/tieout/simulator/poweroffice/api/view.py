"""One company's books as one request sees them, and the look-ups that rows need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from tieout.simulator.books.model import Books, Dimension, Named, Product, ProductGroup, Project, Voucher
from tieout.simulator.poweroffice.options import Options

HOME = ZoneInfo("Europe/Oslo")
Row = TypeVar("Row")


_EVER = datetime.min.replace(tzinfo=UTC)


def _created(row: Any) -> datetime:
    made: datetime = getattr(row, "created", _EVER)
    return made


def _commits_late(row: Any) -> bool:
    """Rows of every third voucher: all of a voucher's come at once."""
    voucher: Voucher | None = getattr(row, "voucher", None)
    return voucher is not None and voucher.id.int % 3 == 0


class View:
    """`given` holds the parsed parameters, `path` those of the path. Lives as long as one request."""

    def __init__(
        self, books: Books, now: datetime, options: Options, *, given: Mapping[str, Any], path: Mapping[str, str]
    ) -> None:
        self.books, self.now, self.options, self.given, self.path = books, now, options, given, path
        self.today: date = now.astimezone(HOME).date()
        self.privileges: tuple[list[str], list[str]] = ([], [])  # usable ones, and those without a module
        self.subscriptions: list[str] = []
        self.clients: list[Books] = []  # of an accounting firm

    def seen(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Without what the vendor's replica has not got yet, by the switches for that (contract 11.25, 11.26)."""
        lag, late = self.options.lag_seconds, self.options.late_commit_seconds
        if not lag and not late:
            return rows
        until, committed = self.now - timedelta(seconds=lag), self.now - timedelta(seconds=max(lag, late))
        return [row for row in rows if _created(row) <= (committed if _commits_late(row) else until)]

    @cached_property
    def reversals(self) -> dict[UUID, Voucher]:
        """The reversal voucher by the id of what it reverses."""
        return {voucher.reverses.id: voucher for voucher in self.books.vouchers.values() if voucher.reverses}

    @cached_property
    def payment_terms(self) -> dict[int | None, int]:
        """Ids of payment terms by their days."""
        return {term.days: term.id for term in self.books.payment_terms.values()}

    @cached_property
    def paid_into(self) -> dict[int, int]:
        """The active bank account's id by contact id, the newest where there are several."""
        return {one.contact_id: one.id for one in self.books.contact_bank_accounts.values() if one.is_active}

    def code(
        self, shelf: Mapping[int, Dimension | Project | Product | ProductGroup | Named], number: int | None
    ) -> Any:
        """A dimension's code by its id, which is what rows hold."""
        found = shelf.get(number) if number is not None else None
        return found.code if found is not None else None

    def name(self, shelf: Mapping[int, Named], number: int | None) -> str | None:
        found = shelf.get(number) if number is not None else None
        return found.name if found is not None else None

    def account_id(self, account_no: int | None) -> int | None:
        account = self.books.accounts.get(account_no) if account_no is not None else None
        return account.id if account is not None else None

    def vat_id(self, code: str | None) -> int | None:
        vat = self.books.vat_codes.get(code) if code is not None else None
        return vat.id if vat is not None else None

    def customer_no(self, contact_id: int | None) -> int | None:
        contact = self.books.contacts.get(contact_id) if contact_id is not None else None
        return contact.customer_no if contact is not None else None

    def supplier_no(self, contact_id: int | None) -> int | None:
        contact = self.books.contacts.get(contact_id) if contact_id is not None else None
        return contact.supplier_no if contact is not None else None

    def employee_no(self, contact_id: int | None) -> int | None:
        contact = self.books.contacts.get(contact_id) if contact_id is not None else None
        return contact.employee_no if contact is not None else None
