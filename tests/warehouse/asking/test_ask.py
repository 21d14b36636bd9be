"""Questions answered in a process of their own: exact, of the companies asked for, within limits, with every door shut."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.stores import Desk
from tieout.warehouse.asking import links
from tieout.warehouse.asking.ask import CHILD, Answered, Limits, NotAnsweredError, ask
from tieout.warehouse.asking.statement import RefusedError
from tieout.warehouse.duckdb import open_warehouse

BOTH = ("source-1", "source-2")
ENDLESS = "with recursive n as (select 1 as i union all select i + 1 from n) select count(*) from n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two companies with three rows between them."""
    folder = tmp_path_factory.mktemp("asked")
    warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool", published=folder / "published")
    for number, source in enumerate(BOTH, start=1):
        desk = Desk(warehouse, folder / "spool" / source, source)
        desk.load([{"Id": key, "Amount": 0.1 * number} for key in range(number)])
        desk.store.publish()
    warehouse.close()
    return folder / "published"


def asked(published: Path, sql: str, *, of: tuple[str, ...] = BOTH, **limits: int | str) -> list[tuple[object, ...]]:
    told(published, sql, of=of, **limits)
    return duckdb.connect().execute(f"select * from '{published.parent / 'a.parquet'}'").fetchall()


def told(published: Path, sql: str, *, of: tuple[str, ...] = BOTH, **limits: int | str) -> Answered:
    to = published.parent / "a.parquet"
    return ask(sql, published=published, source_ids=of, to=to, limits=Limits(**limits))  # type: ignore[arg-type]


def test_the_answer_is_exact(published: Path) -> None:
    sql = "select sum(amount) as total, sum(9007199254740993::hugeint) as great from raw_toy.things; -- all of them"
    assert asked(published, sql) == [(Decimal("0.5000"), Decimal(3 * 9007199254740993))]


def test_order_and_columns_of_one_name_stay(published: Path) -> None:
    assert asked(published, "select range as a, -range as a from range(5) order by range desc")[0] == (4, -4)


def test_rows_are_those_of_the_companies_asked_for(published: Path) -> None:
    sql = "select count(*) from raw_toy.things"
    assert [asked(published, sql, of=of)[0][0] for of in (BOTH, BOTH[1:], BOTH[:1], ())] == [3, 2, 1, 0]


def test_a_long_answer_is_cut_and_says_so(published: Path) -> None:
    answer = told(published, "select * from range(10000000)", rows=50)
    assert (answer.rows, answer.is_cut) == (50, True)
    assert not told(published, "select 1").is_cut


@pytest.mark.parametrize(
    "sql", [ENDLESS, "select count(*) from range(1000000000) a, range(1000000000) b where a.range <> b.range"]
)
def test_what_never_ends_is_ended(published: Path, sql: str) -> None:
    with pytest.raises(NotAnsweredError) as ended:
        told(published, sql, seconds=1)
    assert ended.value.why in ("slow", "memory")


def test_what_needs_too_much_memory_is_refused(published: Path) -> None:
    with pytest.raises(NotAnsweredError) as ended:
        told(published, "select list(range) as l from range(300000000)", memory="50MB")
    assert ended.value.why == "memory"


def test_it_ends_when_nobody_waits_any_more(published: Path) -> None:
    with pytest.raises(NotAnsweredError) as ended:
        ask(ENDLESS, published=published, source_ids=BOTH, to=published.parent / "a", has_left=lambda: True)
    assert ended.value.why == "left"


def test_errors_of_the_database_name_the_place_as_written_and_no_path(published: Path) -> None:
    with pytest.raises(NotAnsweredError) as wrong:
        told(published, "select 1,\n nonsense from raw_toy.things")
    assert wrong.value.kind == "Binder"
    assert (wrong.value.line, wrong.value.column) == (2, 2)
    assert "nonsense" in wrong.value.text
    assert str(published) not in wrong.value.text


def test_nothing_is_left_behind(published: Path) -> None:
    asked(published, "select 1")
    with pytest.raises(RefusedError):
        told(published, "attach 'x'")
    assert not list(published.glob(f"{links.PREFIX}*"))


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('{published}/current/manifest.json')",
        "select * from '{published}/current/raw_toy/things/source-2.parquet'",
        "select * from glob('/etc/*')",
        "select * from order_",
        "copy (select 1) to '/tmp/tieout-was-here'",
        "attach '/tmp/tieout-was-here.db'",
        "install httpfs",
        "set lock_configuration = false",
        "pragma enable_external_access",
        "select 1; select 2",
        "create table x as select 1",
    ],
)
def test_the_process_itself_shuts_every_door(published: Path, sql: str) -> None:
    """Past the parser, as if that had let it through."""
    with links.linked(published, BOTH[:1]) as linked:
        order = {"sql": sql.format(published=published), "folder": str(linked.folder), "empty": linked.empty}
        order |= {"rows": 10, "seconds": 5, "memory": "256MB", "threads": 1, "bytes": 10**8}
        program = [sys.executable, "-I", str(CHILD)]
        done = subprocess.run(program, input=json.dumps(order), capture_output=True, text=True, env={}, check=True)
    assert "error" in json.loads(done.stdout)
