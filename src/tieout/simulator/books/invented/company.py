"""An invented company: a stage with a journal, and what the subjects (sales, purchases, payroll ...) share between days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from tieout.simulator.books.invented.business import Business
from tieout.simulator.books.invented.journal import Journal
from tieout.simulator.books.invented.stage import Stage
from tieout.simulator.books.model import Books, Contact, Dimension, Entry, Named, Project, Tags, Voucher

Switched = TypeVar("Switched", Dimension, Named)


class InPlace(StrEnum):
    """What correcting a posted voucher in an open, unreported period does to its rows (sources differ, books.md 4.3)."""

    REPLACED = "replaced"  # new rows with new ids under the same voucher id; the old ids vanish
    SAME_ID = "same id"  # the rows change under their ids
    TEXTS_ONLY = "texts only"  # nothing but descriptions may change


class InventedCompany(Stage):
    """Holds the open ends: what customers will pay, what is to be paid, what waits to be matched or deleted."""

    def __init__(self, books: Books, business: Business, *, stream: str, in_place: InPlace = InPlace.REPLACED) -> None:
        super().__init__(books, stream=stream)
        self.business = business
        self.in_place = in_place
        self.journal = Journal(books, stream=stream)
        self.receipts: defaultdict[date, list[tuple[Entry, int]]] = defaultdict(list)  # day -> (invoice, øre)
        self.payables: list[Entry] = []
        self.spares: set[int] = set()  # records that nothing may use: they are going to be deleted
        self.engaged: set[int] = set()  # customers with whom something is agreed: they stay
        self.waiting: set[int] = set()  # kinds of changes that are due and had nothing to happen to
        self._tags: dict[tuple[int | None, ...], Tags] = {}
        self._numbers: dict[str, int] = {}

    def next_number(self, kind: str, first: int) -> int:
        """The next number of a series of the company's own: invoices, orders."""
        self._numbers[kind] = self._numbers.get(kind, first - 1) + 1
        return self._numbers[kind]

    def tags(
        self,
        *,
        department: int | None = None,
        project: int | None = None,
        product: int | None = None,
        location: int | None = None,
        dim1: int | None = None,
        dim2: int | None = None,
        dim3: int | None = None,
    ) -> Tags:
        """Dimensions by record ids. One object for all who have the same, since there are tens of thousands."""
        key = (department, project, product, location, dim1, dim2, dim3)
        if key not in self._tags:
            self._tags[key] = Tags(
                department_id=department,
                project_id=project,
                product_id=product,
                location_id=location,
                dim1_id=dim1,
                dim2_id=dim2,
                dim3_id=dim3,
            )
        return self._tags[key]

    def customers(self) -> list[Contact]:
        """Those who may be sold to."""
        return [contact for contact in self._contacts() if contact.customer_no and contact.is_active_customer]

    def suppliers(self, currency: str = "NOK") -> list[Contact]:
        """Those who may be bought from in a currency."""
        return [
            contact
            for contact in self._contacts()
            if contact.supplier_no and contact.is_active_supplier and contact.currency == currency
        ]

    def staff(self) -> list[Contact]:
        return [contact for contact in self._contacts() if contact.employee_no]

    def open_projects(self) -> list[Project]:
        """Those that may be worked on."""
        return [
            project
            for project in self.books.projects.values()
            if project.is_active and project.status == "Active" and project.id not in self.spares
        ]

    def usable(self, shelf: Mapping[int, Switched]) -> list[Switched]:
        """A register's records that may be used: active, and not about to be deleted."""
        return [record for record in shelf.values() if record.is_active and record.id not in self.spares]

    def plant(self, kind: str, what: str) -> None:
        """Note a change of what was there before, for tests that ask whether a sync saw it."""
        self.books.planted.append((self.books.now, kind, what))

    def how_many(self, mean: float) -> int:
        """A whole number around a mean: the whole part, and one more as often as the rest says."""
        return int(mean) + (self.rng.random() < mean % 1)

    def season(self, day: date) -> float:
        return self.business.season[day.month - 1]

    def add(self, voucher: Voucher) -> Voucher:
        return self.journal.add(voucher)

    def _contacts(self) -> list[Contact]:
        return [
            contact
            for contact in self.books.contacts.values()
            if not contact.is_archived and contact.id not in self.spares
        ]
