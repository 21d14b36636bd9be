"""The page and the API of choices, what a stop leaves, and what goes by the clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.portal.api.conftest import program_of
from tests.portal.vouchers.books import MovingBooks, stream
from tieout.catalog import DEFAULT_CHOICES, Choice, Personal
from tieout.portal.audits.models import Entry
from tieout.portal.people.models import Person
from tieout.portal.personal import actions
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import choices_of
from tieout.portal.syncs import warehouses
from tieout.portal.upkeep.retention import forget_what_is_old
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import BusyError, Outcome

PAY = "Merkelapp lønn"


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(1, date(2026, 1, 25), (5000, "10"), (1920, "-10"), VoucherType="PayrollJournal", Description=PAY)
    made.sync()
    return made


def descriptions(books: MovingBooks) -> set[str | None]:
    return {text for (text,) in books.all("select description from raw_poweroffice.account_transactions")}


def address(books: MovingBooks) -> str:
    return f"/sources/{books.source.pk}/personal-data/"


def chosen(**more: str) -> dict[str, str]:
    return {kind.value: choice.value for kind, choice in DEFAULT_CHOICES.items()} | more


def test_an_administrator_chooses_and_it_holds_for_what_is_stored(
    books: MovingBooks, administrator_browser: Client, administrator: Person
) -> None:
    shown = administrator_browser.get(address(books)).content.decode()
    assert shown.count("<select") == len(Personal)
    assert "90 days later" in shown
    assert descriptions(books) == {PAY}  # loaded by the test as if nothing were hidden
    answer = administrator_browser.post(address(books), chosen(identity="not_fetched"), follow=True)
    assert "hold for what is stored too" in answer.content.decode()
    assert descriptions(books) == {None}
    assert choices_of(Source.objects.get())[Personal.IDENTITY] is Choice.NOT_FETCHED
    told = Entry.objects.get(kind="personal_data_chosen")
    assert (told.person, told.facts) == (administrator, {"identity": ["hidden", "not_fetched"]})
    assert Source.objects.get().syncs.count() == 1
    administrator_browser.post(address(books), chosen(identity="not_fetched", payroll_texts="fetched"))
    assert descriptions(books) == {PAY}
    assert administrator_browser.post(address(books), {"people": "nonsense"}).status_code == 422


def test_a_reader_chooses_nothing(books: MovingBooks, reader_browser: Client) -> None:
    assert reader_browser.get(address(books)).status_code == 403
    assert reader_browser.post(address(books), chosen(people="not_fetched")).status_code == 403
    assert Source.objects.get().personal == {}


def test_a_program_chooses_one_kind_and_the_others_stay(
    books: MovingBooks, workspace: Workspace, owner: Person
) -> None:
    program = program_of(workspace, owner)
    path = f"sources/{books.source.pk}"
    assert program.get(path)["personal"] == chosen()
    assert program.patch(path, {"personal": {"people": "hidden"}})["personal"] == chosen(people="hidden")
    program.patch(path, {"personal": {"people": "sometimes"}}, status=422)
    assert descriptions(books) == {None}


def test_what_a_stop_left_is_done_at_the_next_start(
    books: MovingBooks, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_source: Source) -> None:
        raise BusyError("somebody has it")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "rearrange", busy)
        with pytest.raises(BusyError):
            actions.choose(books.source, {Personal.PAYROLL_TEXTS: Choice.NOT_FETCHED}, by=owner)
        assert actions.finish_choices() == 0
    assert descriptions(books) == {PAY}
    assert actions.finish_choices() == 1
    assert descriptions(books) == {None}
    assert actions.finish_choices() == 0


def test_what_was_never_asked_for_is_read_from_the_beginning(books: MovingBooks, owner: Person) -> None:
    with warehouses.store_of(books.source) as store:
        store.set_cursors("account_transactions", 1, {"changed": "2026-03-01"})
        store.set_cursors("products", 1, {"changed": "2026-03-01"})
    actions.choose(books.source, {Personal.PAYROLL_TEXTS: Choice.NOT_FETCHED}, by=owner)
    actions.choose(Source.objects.get(), {Personal.PAYROLL_TEXTS: Choice.FETCHED}, by=owner)
    with warehouses.store_of(books.source) as store:
        assert store.cursors("account_transactions") == {}
        assert store.cursors("products") == {"changed": "2026-03-01"}


def test_a_contact_that_is_gone_for_long_goes_in_the_night(books: MovingBooks) -> None:
    def sync(records: list[dict[str, Any]]) -> None:
        with warehouses.store_of(books.source) as store:
            number = store.begin_sync(timezone.now())
            books._load(store, stream("contact_persons"), number, records)
            store.finish_sync(number, Outcome.SUCCEEDED, at=timezone.now())

    with warehouses.store_of(books.source) as store:
        store.prepare([stream("contact_persons")])
    sync([{"Id": 4, "FirstName": "Merkelapp", "LastName": "Fixture"}])
    sync([])
    versions = "select first_name from raw_poweroffice.contact_persons_versions"
    days = settings.TIEOUT.contact_days
    assert forget_what_is_old(now=timezone.now() + timedelta(days=days - 1))["gone contacts' personal data"] == 0
    assert books.all(versions) == [("Merkelapp",)]
    assert forget_what_is_old(now=timezone.now() + timedelta(days=days + 1))["gone contacts' personal data"] == 1
    assert books.all(versions) == [(None,)]
