"""Old history goes in small steps; what a proof that still counts needs stays, whatever its age."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.warehouse.stores import NOW, Desk
from tieout.warehouse.base import EVERYTHING, Check, CheckOutcome, Outcome, TieOut, Verdict
from tieout.warehouse.duckdb import DuckDBWarehouse, forgetting, open_warehouse
from tieout.warehouse.duckdb.forgetting import forget

LONG_AGO = datetime(2020, 3, 1, tzinfo=UTC)
SINCE = NOW - timedelta(days=5 * 365)


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    return open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", memory="256MB")


def sync(desk: Desk, amount: int, at: datetime, verdict: Verdict | None = None) -> int:
    """A sync that changes the one row there is, and maybe ties out."""
    desk.sync = desk.store.begin_sync(at)
    desk.load([{"Id": key, "Amount": amount} for key in range(3)], scope=EVERYTHING)
    desk.store.finish_sync(desk.sync, Outcome.SUCCEEDED, at=at)
    if verdict:
        agrees = CheckOutcome.AGREES if verdict is Verdict.PROVED else CheckOutcome.DIFFERS
        checks = (Check(check="ledger", date=date(2020, 3, 1), compared=1, outcome=agrees),)
        desk.store.record_tie_out(TieOut(at=at, sync=desk.sync, verdict=verdict, checks=checks))
    return desk.sync


def numbers(warehouse: DuckDBWarehouse, sql: str) -> list[int]:
    with warehouse.connection() as connection:
        return [number for (number,) in connection.execute(sql).fetchall()]


def test_versions_of_rows_that_ended_long_ago_go_and_later_ones_stay(
    warehouse: DuckDBWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "STEP_ROWS", 2)
    desk = Desk(warehouse, tmp_path / "spool" / "s")
    for amount, at in ((1, LONG_AGO), (2, LONG_AGO), (3, NOW), (4, NOW)):
        sync(desk, amount, at)
    touched = numbers(warehouse, "select touched from tieout.streams where stream = 'things'")
    assert forget(warehouse, before=SINCE)["versions"] == 3
    assert numbers(warehouse, "select distinct amount::int from raw_toy.things_versions order by 1") == [2, 3]
    assert numbers(warehouse, "select amount::int from raw_toy.things") == [4, 4, 4]
    assert numbers(warehouse, "select touched from tieout.streams where stream = 'things'") > touched


def test_what_tells_how_the_books_became_other_than_a_stamp_stays_whatever_its_age(
    warehouse: DuckDBWarehouse, tmp_path: Path
) -> None:
    desk = Desk(warehouse, tmp_path / "spool" / "s")
    first, stamped, *_ = [sync(desk, amount, LONG_AGO) for amount in (1, 2, 3, 4)]
    assert first < stamped
    assert forget(warehouse, before=SINCE, stamped={desk.store.source_id: stamped})["versions"] == 3
    assert numbers(warehouse, "select distinct amount::int from raw_toy.things_versions order by 1") == [2, 3]
    assert forget(warehouse, before=SINCE, stamped={"another": first})["versions"] == 6


def test_the_newest_proof_and_the_newest_that_was_proved_stay_whatever_their_age(
    warehouse: DuckDBWarehouse, tmp_path: Path
) -> None:
    desk = Desk(warehouse, tmp_path / "spool" / "s")
    verdicts = (Verdict.PROVED, Verdict.NOT_PROVED, Verdict.PROVED, Verdict.NOT_PROVED)
    for amount, verdict in enumerate(verdicts):
        sync(desk, amount, LONG_AGO + timedelta(days=amount), verdict)
    first = numbers(warehouse, "select min(id) from tieout.syncs where outcome = 'succeeded'")
    open_since = numbers(warehouse, "select tie_out_id from tieout.incidents where closed_at is null")
    assert forget(warehouse, before=SINCE)["proofs"] >= 1
    kept = numbers(warehouse, "select id from tieout.tie_outs")
    assert set(kept) >= {3, 4, *open_since}
    assert 1 not in kept
    assert numbers(warehouse, "select distinct tie_out_id from tieout.tie_out_checks order by 1") == kept
    assert first[0] in numbers(warehouse, "select id from tieout.syncs")
    assert desk.store.summary().verdict == Verdict.NOT_PROVED
    assert desk.store.summary().proved_at == LONG_AGO + timedelta(days=2)


def test_what_is_young_stays(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    desk = Desk(warehouse, tmp_path / "spool" / "s")
    for amount in range(3):
        sync(desk, amount, NOW, Verdict.PROVED)
    assert forget(warehouse, before=SINCE) == {"versions": 0, "proofs": 0, "syncs": 0}
