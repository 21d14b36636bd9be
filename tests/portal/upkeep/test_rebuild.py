"""A company is read anew into a store beside the old one, and only a whole one takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.portal.syncs.toy_source import make_toy_source
from tests.toy import ToyConnector, ToySystem
from tieout.catalog import Ask
from tieout.connectors.errors import TryLaterError
from tieout.portal.sources.models import Source
from tieout.portal.syncs import perform, running, warehouses
from tieout.portal.syncs.models import Sync
from tieout.portal.upkeep.acts import ACTS
from tieout.portal.upkeep.errors import UpkeepError
from tieout.portal.upkeep.rebuild import rebuild
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def system(settings: Settings) -> ToySystem:
    running.begin_again()
    connector = ToyConnector()
    settings.CONNECTORS = {"toy": connector}
    return connector.system


@pytest.fixture
def toy(workspace: Workspace, system: ToySystem) -> Source:
    source = make_toy_source(workspace)
    list(perform.perform(source))
    return source


def spoil(source: Source) -> None:
    """Harm what is stored, as no sync by change stamps would notice."""
    with warehouses.opened(source.workspace) as warehouse, warehouse.writing() as connection:
        connection.execute("update raw_toy.members set name = 'spoiled'")
        connection.execute("delete from raw_toy.bookings where id > 10")


def ask(source: Source, sql: str) -> list[tuple[object, ...]]:
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        return connection.execute(sql).fetchall()


def scratch(home: Path) -> list[str]:
    return [path.name for path in home.glob("spool/*/.rebuilding/*.duckdb")]


def test_what_was_spoiled_is_whole_again_and_syncs_of_before_stay(toy: Source, home: Path) -> None:
    before = ask(toy, "select id from tieout.syncs")
    spoil(toy)
    told = [event.name for event in rebuild(toy)]
    assert told[-2:] == ["sync_finished", "tie_out"]
    assert ask(toy, "select count(*), count(*) filter (name = 'spoiled') from raw_toy.members") == [(7, 0)]
    assert ask(toy, "select count(*) from raw_toy.bookings") == [(20,)]
    after = ask(toy, "select id from tieout.syncs order by id")
    assert after[0] == before[0]
    assert len(after) == 2
    assert ask(toy, "select count(distinct id) = count(*) from tieout.tie_outs") == [(True,)]
    assert scratch(home) == []


def test_readers_and_the_published_copy_have_the_old_rows_until_the_new_ones_are_whole(
    toy: Source, system: ToySystem, home: Path
) -> None:
    spoil(toy)
    seen = []

    def look(_ask: Ask, _number: int) -> None:
        seen.append(ask(toy, "select count(*) from raw_toy.bookings")[0])

    system.on_page = look
    published = (home / "published" / toy.workspace.slug / "current").readlink()
    list(rebuild(toy))
    assert set(seen) == {(10,)}
    folder = home / "published" / toy.workspace.slug
    assert (folder / "current").readlink() != published
    with warehouses.opened(toy.workspace) as warehouse, warehouse.connection() as connection:
        path = folder / "current" / "raw_toy" / "bookings" / f"{toy.pk}.parquet"
        assert connection.execute(f"select count(*) from '{path}'").fetchone() == (20,)


def test_one_that_does_not_come_to_its_end_changes_nothing_and_the_next_goes_on(
    toy: Source, system: ToySystem, home: Path
) -> None:
    spoil(toy)
    system.faults["bookings"] = [TryLaterError("busy")] * 50
    list(rebuild(toy))
    assert ask(toy, "select count(*) from raw_toy.bookings") == [(10,)]
    assert scratch(home) == [f"{toy.pk}.duckdb"]
    system.faults.clear()
    list(rebuild(toy))
    assert ask(toy, "select count(*) from raw_toy.bookings") == [(20,)]
    outcomes = ask(toy, "select outcome from tieout.syncs order by id")
    assert outcomes == [("succeeded",), ("incomplete",), ("succeeded",)], "the same store went on"


def test_what_a_rebuild_has_read_goes_with_the_companys_data(toy: Source, system: ToySystem, home: Path) -> None:
    system.faults["bookings"] = [TryLaterError("busy")] * 50
    list(rebuild(toy))
    assert scratch(home) == [f"{toy.pk}.duckdb"]
    with warehouses.opened(toy.workspace) as warehouse:
        warehouse.delete_source(str(toy.pk))
    assert not list((home / "spool").glob("*/.rebuilding/*"))


def test_other_companies_of_the_workspace_are_left_as_they_are(toy: Source, workspace: Workspace) -> None:
    other = make_toy_source(workspace, number="888888888")
    list(perform.perform(other))
    before = ask(other, f"select * from raw_toy.bookings where _source_id = '{other.pk}' order by id")
    list(rebuild(toy))
    assert ask(other, f"select * from raw_toy.bookings where _source_id = '{other.pk}' order by id") == before
    assert ask(other, "select count(*) from raw_toy.bookings") == [(40,)]


def test_the_sync_after_it_goes_on_from_its_cursors(toy: Source, system: ToySystem) -> None:
    list(rebuild(toy))
    system.pass_time(hours=1)
    system.put("members", 8, Name="Member 8", Fee=1)
    list(perform.perform(toy))
    assert ask(toy, "select count(*) from raw_toy.members") == [(8,)]
    assert Sync.objects.order_by("-pk")[0].rows_new == 1


def test_a_damaged_file_is_set_aside_and_all_are_read_anew(toy: Source, home: Path) -> None:
    warehouses.close_all()
    path = home / "warehouse" / f"{toy.workspace.slug}.duckdb"
    path.write_bytes(b"no database" * 4_000)
    with pytest.raises(UpkeepError, match="damaged"):
        list(ACTS["rebuild"](workspace=None, source=toy.organisation_number))
    told = list(ACTS["rebuild"](workspace=None, source=None))
    assert told[0]["event"] == "set_aside"
    assert Path(told[0]["file"]).read_bytes().startswith(b"no database")
    assert ask(toy, "select count(*) from raw_toy.bookings") == [(20,)]


def test_a_name_that_no_source_has_is_refused(toy: Source) -> None:
    with pytest.raises(UpkeepError, match="0 data sources are called 'nobody'"):
        list(ACTS["rebuild"](workspace=None, source="nobody"))
