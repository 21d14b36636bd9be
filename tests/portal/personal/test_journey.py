"""One company under each choice, from the simulator to all files: the proof holds, what is unwanted is nowhere."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.simulators import Simulator, running_simulator
from tieout.catalog import Choice, Personal
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.portal.people.models import Person
from tieout.portal.personal.actions import choose
from tieout.portal.sources.actions import create_source
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.actions import perform
from tieout.portal.workspaces.models import Workspace
from tieout.sync.events import TiedOut
from tieout.warehouse.base import Verdict

EVERYTHING_FETCHED = dict.fromkeys(Personal, Choice.FETCHED)
NOTHING = dict.fromkeys(Personal, Choice.NOT_FETCHED)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(size="tiny", throttle=False) as running:
        yield running


@pytest.fixture
def source(simulator: Simulator, home: Path, workspace: Workspace, settings: Settings) -> Source:
    settings.TIEOUT = replace(settings.TIEOUT, poweroffice_url=simulator.url, spool_days=30)
    settings.CONNECTORS = {"poweroffice": PowerOffice(settings.TIEOUT, limit=NoLimit())}
    key = Secret(simulator.companies()[0]["client_key"])
    reader = settings.CONNECTORS["poweroffice"].open(key)
    company = reader.company()
    reader.close()
    return create_source(
        workspace, connector="poweroffice", company=company, client_key=key, approver_email=None, by=None
    )


def verdict(source: Source) -> Verdict:
    return [event.verdict for event in perform(Source.objects.get(pk=source.pk)) if isinstance(event, TiedOut)][-1]


def personal_values(source: Source) -> dict[str, set[str]]:
    """What the tables show of marked columns, by kind; short ones could stand anywhere."""
    found: dict[str, set[str]] = {kind.value: set() for kind in Personal}
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        for stream in connector_of(source).streams:
            for column in stream.columns:
                if column.mark and not column.mark.where:
                    rows = connection.execute(
                        f'select distinct "{column.name}"::varchar from raw_poweroffice.{stream.name} '
                        f"where length({column.name}::varchar) > 8"
                    ).fetchall()
                    found[column.mark.kind.value] |= {value for (value,) in rows}
    return found


def names_in_reports(source: Source) -> set[str]:
    """Of companies in the open items."""
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        found = connection.execute(
            "select distinct e.customer_name from core.receivable_entries e "
            "join core.customers c using (company_id, customer_no) where not c.is_person and e.customer_name is not null"
        ).fetchall()
    return {name for (name,) in found}


def hidden(source: Source) -> int:
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        found = connection.execute("select count(*) from hidden.fields").fetchone()
    assert found is not None
    return int(found[0])


def files_with(home: Path, values: set[str]) -> set[str]:
    """Files of the installation in which any of the values stands; spooled answers are unpacked."""
    warehouses.close_all()
    found = set[str]()
    for path in (home / "warehouse", home / "published", home / "spool"):
        for file in (one for one in path.rglob("*") if one.is_file()):
            content = file.read_bytes()
            content = gzip.decompress(content) if file.suffix == ".gz" else content
            found |= {file.name} if any(value.encode() in content for value in values) else set()
    return found


@pytest.mark.django_db(transaction=True)
def test_under_each_choice_the_books_are_proved_and_what_is_unwanted_is_nowhere(
    source: Source, owner: Person, home: Path
) -> None:
    choose(source, EVERYTHING_FETCHED, by=owner)
    assert verdict(source) is Verdict.PROVED
    shown = personal_values(source)
    people = {value for value in shown["people"] if "@" in value or "+47" in value}
    assert people
    assert hidden(source) == 0

    named = names_in_reports(source)
    assert named
    choose(source, dict.fromkeys(Personal, Choice.HIDDEN), by=owner)
    assert not any(personal_values(source).values())
    assert names_in_reports(source) == named
    assert hidden(source) > 0
    assert verdict(source) is Verdict.PROVED
    assert not any(personal_values(source).values())
    assert not {name for name in files_with(home, people) if name.endswith(".parquet")}

    choose(source, NOTHING, by=owner)
    assert files_with(home, people) == set()
    assert hidden(source) == 0
    assert verdict(source) is Verdict.PROVED
    assert files_with(home, people) == set()

    choose(source, EVERYTHING_FETCHED, by=owner)
    assert verdict(source) is Verdict.PROVED
    assert personal_values(source) == shown
