"""Personal data: hidden from all that reads tables, gone from the files where it is unwanted, and never a version of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.stores import NOW, Desk
from tieout.catalog import Choice, Column, Kind, Mark, Personal, Stream, Where
from tieout.warehouse.base import EVERYTHING, Outcome
from tieout.warehouse.duckdb import DuckDBWarehouse, open_warehouse, staging

PERSON = Mark(Personal.PEOPLE, (Where("is_person", ("true",), or_missing=True),))
PARTIES = Stream(
    name="parties",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("is_person", "IsPerson", Kind.BOOLEAN),
        Column("name", "Name", Kind.TEXT, PERSON),
        Column("phone", "Phone", Kind.TEXT, Mark(Personal.PEOPLE)),
    ),
    has_contacts=True,
)
ENTRIES = Stream(
    name="entries",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("party_id", "PartyId", Kind.INTEGER),
        Column("amount", "Amount", Kind.MONEY),
        Column("text", "Text", Kind.TEXT, Mark(Personal.PAYROLL_TEXTS, (Where("party_id", ("1",)),))),
        Column("party_name", "PartyName", Kind.TEXT, Mark(Personal.PEOPLE, of=("parties", "party_id"))),
    ),
)
SOMEBODY = {"Id": 1, "IsPerson": True, "Name": "Merkelapp navn", "Phone": "Merkelapp telefon"}
COMPANY = {"Id": 2, "IsPerson": False, "Name": "Fixture AS", "Phone": "Merkelapp kontor"}
ENTRY = {"Id": 7, "PartyId": 1, "Amount": 10.5, "Text": "Merkelapp lønn", "PartyName": "Merkelapp navn"}
OTHER = {"Id": 8, "PartyId": 2, "Amount": 1, "Text": "Rent", "PartyName": "Fixture AS"}


def chosen(choice: Choice) -> list[Stream]:
    return [stream.as_chosen(dict.fromkeys(Personal, choice)) for stream in (PARTIES, ENTRIES)]


class Books:
    """A source's contacts and entries, loaded whole under its choice."""

    def __init__(self, folder: Path) -> None:
        self.warehouse: DuckDBWarehouse = open_warehouse(
            folder / "w.duckdb", spool=folder / "spool", memory="256MB", published=folder / "published"
        )
        self.folder, self.desk = folder, Desk(self.warehouse, folder / "spool" / "source-1")
        self.choose(Choice.FETCHED)
        self.desk.store.prepare(self.streams)

    def choose(self, choice: Choice) -> None:
        self.streams = chosen(choice)

    def sync(self, parties: list[Any], entries: list[Any]) -> None:
        self.desk.next_sync()
        for stream, records in zip(self.streams, (parties, entries), strict=True):
            self.desk.load(records, stream=stream, scope=EVERYTHING)
        self.desk.store.finish_sync(self.desk.sync, Outcome.SUCCEEDED, at=NOW)
        self.desk.store.publish()

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        columns = [column.name for column in (PARTIES if name == "parties" else ENTRIES).columns]
        with self.warehouse.connection() as connection:
            return connection.execute(f"select {', '.join(columns)} from raw_toy.{name} order by id").fetchall()

    def versions(self) -> int:
        with self.warehouse.connection() as connection:
            found = connection.execute(
                "select (select count(*) from raw_toy.parties_versions) + (select count(*) from raw_toy.entries_versions)"
            ).fetchone()
        assert found is not None
        return int(found[0])

    def files_with(self, text: str) -> set[str]:
        """Files of the warehouse and its published copies; the file of rows is closed and whole first."""
        self.warehouse.close()
        places = [self.folder / "w.duckdb", *(self.folder / "published").rglob("*.parquet")]
        return {path.name for path in places if text.encode() in path.read_bytes()}


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path)


SHOWN = [(7, 1, 10.5, "Merkelapp lønn", "Merkelapp navn"), (8, 2, 1, "Rent", "Fixture AS")]
EMPTIED = [(7, 1, 10.5, None, None), (8, 2, 1, "Rent", None)]


@pytest.mark.parametrize("large", [False, True])
def test_what_is_hidden_is_in_no_table_and_makes_no_version_each_time(
    books: Books, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(staging, "LARGE_PAGE", 0)
    books.choose(Choice.HIDDEN)
    for _ in range(3):
        books.sync([SOMEBODY, COMPANY], [ENTRY, OTHER])
    assert books.rows("parties") == [(1, True, None, None), (2, False, "Fixture AS", None)]
    assert books.rows("entries") == EMPTIED
    assert books.versions() == 0
    books.sync([SOMEBODY, COMPANY], [ENTRY | {"Text": "Merkelapp tillegg"}, OTHER])
    assert books.versions() == 0
    books.choose(Choice.FETCHED)
    books.desk.store.rearrange(books.streams)
    assert books.rows("entries") == [(7, 1, 10.5, "Merkelapp tillegg", "Merkelapp navn"), SHOWN[1]]
    assert books.rows("parties")[0] == (1, True, "Merkelapp navn", "Merkelapp telefon")


def test_what_is_hidden_later_leaves_tables_versions_and_copies_at_once_and_comes_back_as_it_was(books: Books) -> None:
    books.sync([SOMEBODY, COMPANY], [ENTRY | {"Text": "Merkelapp før"}, OTHER])
    books.sync([SOMEBODY, COMPANY], [ENTRY, OTHER])
    assert books.versions() == 1
    books.choose(Choice.HIDDEN)
    books.desk.store.rearrange(books.streams)
    assert books.rows("entries") == EMPTIED
    assert books.files_with("Merkelapp før") == set()
    assert books.files_with("Merkelapp lønn") == {"w.duckdb"}
    books.choose(Choice.FETCHED)
    books.desk.store.rearrange(books.streams)
    assert books.rows("entries") == SHOWN


def test_what_is_no_longer_wanted_is_in_no_file_any_more(books: Books) -> None:
    books.sync([SOMEBODY, COMPANY], [ENTRY, OTHER])
    assert books.files_with("Merkelapp") >= {"w.duckdb", "source-1.parquet"}
    for before in (Choice.FETCHED, Choice.HIDDEN):
        books.choose(before)
        books.desk.store.rearrange(books.streams)
        books.choose(Choice.NOT_FETCHED)
        books.desk.store.rearrange(books.streams)
        assert books.files_with("Merkelapp") == set()
        assert books.rows("entries") == EMPTIED
        books.choose(before)
        books.sync([SOMEBODY, COMPANY], [ENTRY, OTHER])


@pytest.mark.parametrize("choice", [Choice.FETCHED, Choice.HIDDEN])
def test_a_contact_that_is_long_gone_loses_what_is_personal_everywhere_and_no_row_brings_it_back(
    books: Books, choice: Choice
) -> None:
    books.choose(choice)
    books.sync([SOMEBODY, COMPANY], [ENTRY, OTHER])
    books.sync([COMPANY], [ENTRY | {"Amount": 11}, OTHER])
    store = books.desk.store
    assert store.erase_contacts(books.streams, before=NOW - timedelta(days=90), at=NOW) == 0
    later = NOW + timedelta(days=36_500)
    assert store.erase_contacts(books.streams, before=later, at=later) == 1
    assert books.files_with("Merkelapp navn") == books.files_with("Merkelapp telefon") == set()
    assert store.erase_contacts(books.streams, before=later, at=later) == 0
    books.sync([COMPANY], [ENTRY | {"Amount": 12}, OTHER])
    assert [row[4] for row in books.rows("entries")] == [None, "Fixture AS" if choice is Choice.FETCHED else None]
    assert books.files_with("Merkelapp navn") == set()
    if choice is Choice.FETCHED:
        books.sync([SOMEBODY, COMPANY], [ENTRY | {"Amount": 13}, OTHER])
        assert books.rows("parties")[0][2] == "Merkelapp navn"
        books.sync([SOMEBODY, COMPANY], [ENTRY | {"Amount": 14}, OTHER])
        assert books.rows("entries")[0][4] == "Merkelapp navn"


def test_a_company_that_is_long_gone_keeps_its_name_and_loses_its_telephone(books: Books) -> None:
    books.sync([SOMEBODY, COMPANY], [ENTRY, OTHER])
    books.sync([SOMEBODY], [ENTRY, OTHER])
    later = NOW + timedelta(days=36_500)
    assert books.desk.store.erase_contacts(books.streams, before=later, at=later) == 1
    assert books.rows("entries") == SHOWN
    assert books.files_with("Merkelapp kontor") == set()
    assert books.files_with("Merkelapp telefon") == {"w.duckdb", "source-1.parquet"}


def test_a_record_that_came_twice_hides_its_last_value(books: Books) -> None:
    books.choose(Choice.HIDDEN)
    books.sync([SOMEBODY, SOMEBODY | {"Name": "Merkelapp nyere"}], [])
    books.desk.store.rearrange([replace(stream, hidden=()) for stream in books.streams])
    assert books.rows("parties") == [(1, True, "Merkelapp nyere", "Merkelapp telefon")]
