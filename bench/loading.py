"""Everybody loads the same rows from the same server, one after the other, and what each stored is checked to the øre.

(a) all account transactions into an empty DuckDB file, no limit of requests; (b) 5,000 changed ones into those.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bench import environments, measure
from bench.measure import Taken
from bench.server import DATA, serving
from bench.transactions import Books, Truth, books

ROOT = Path(__file__).parent.parent
PROGRAMS = Path(__file__).parent / "contenders"
WORKS = ("full", "changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Who loads, how it is started, and where its rows lie. `table` None: it stores nothing and tells rows and sum itself.

    `limit`: no contender but what the machine can do at most.
    """

    name: str
    words: Callable[[str, str, Path], list[str]]  # of address, work, folder
    table: str | None = None
    amount: str = "Amount"
    works: tuple[str, ...] = WORKS
    limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one contender did one work. `wrong` says what its table lacks."""

    contender: str
    work: str
    rows: int
    limit: bool
    taken: Taken | None = None
    wrong: str | None = None
    failure: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def rows_a_second(self) -> int | None:
        return round(self.rows / self.taken.seconds) if self.taken and not self.failure else None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "rows_a_second": self.rows_a_second}


def _peer(environment: str, program: str) -> Callable[[str, str, Path], list[str]]:
    return lambda address, work, folder: [
        environments.program(environment),
        str(PROGRAMS / program),
        address,
        work,
        str(folder),
    ]


def _ours(address: str, work: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.contenders.ours", address, work, str(folder)]


def _singer(address: str, work: str, folder: Path) -> list[str]:
    """A shell joins tap and target, as its users do."""
    config = folder / "target.json"
    config.write_text(json.dumps({"path": str(folder / "w.duckdb"), "default_target_schema": "bench"}))
    tap = f"{environments.program('singer')} {PROGRAMS / 'singer_tap.py'} {address} {work}"
    target = environments.program("target_duckdb")
    target += f" {Path(target).with_name('target-duckdb')} --config {config}"
    return ["bash", "-c", f"set -o pipefail; {tap} | {target}"]


def _curl(address: str, work: str, folder: Path) -> list[str]:
    last = -(-int((folder / "rows").read_text()) // 5_000)
    return ["curl", "--silent", "--fail", "-o", "/dev/null", f"{address}/v2/AccountTransactions?PageNumber=[1-{last}]"]


def _read_json(_: str, work: str, folder: Path) -> list[str]:
    return [sys.executable, str(PROGRAMS / "read_json.py"), str(folder.parent / "pages"), work, str(folder)]


CONTENDERS = (
    Contender(name="Tieout", words=_ours, table="raw_poweroffice.account_transactions", amount="amount"),
    Contender(name="dlt, Arrow", words=_peer("dlt", "dlt_arrow.py"), table="bench.transactions", amount="amount"),
    Contender(
        name="dlt, REST source and Parquet",
        words=_peer("dlt", "dlt_rest.py"),
        table="bench.transactions",
        amount="amount",
    ),
    Contender(
        name="Airbyte CDK by PyAirbyte",
        words=_peer("airbyte", "airbyte_manifest.py"),
        table="main.transactions",
        amount="amount",
    ),
    Contender(name="singer-sdk and target-duckdb", words=_singer, table="bench.transactions", amount="amount"),
    Contender(
        name="ds-provider-powerofficego, reading only",
        words=_peer("ds_provider", "ds_provider.py"),
        works=("full",),
    ),
    Contender(name="DuckDB read_json alone", words=_read_json, table="main.transactions", works=("full",), limit=True),
    Contender(name="curl to nothing", words=_curl, works=("full",), limit=True),
)


def compare(rows: int, *, only: str = "", times: int = 1) -> Iterator[Result]:
    """Every contender's best run of each work, in so many rounds. `only` those whose name has that word.

    In a round everybody has his turn, so that an hour in which the machine is slow is nobody's own.
    """
    made = books(DATA, rows)
    contenders = [contender for contender in CONTENDERS if only.lower() in contender.name.lower()]
    with tempfile.TemporaryDirectory(dir=ROOT / ".bench") as home, serving(rows) as address:
        _save_pages(address, rows, Path(home) / "pages")
        rounds = [
            [_run(contender, address, made, Path(home) / "run") for contender in contenders] for _ in range(times)
        ]
    for runs in zip(*rounds, strict=True):
        yield from (_best(list(works)) for works in zip(*runs, strict=True))


def _best(runs: list[Result]) -> Result:
    """The quickest run that is right; else the first, which tells what is wrong."""
    good = [run for run in runs if run.taken and not run.failure and not run.wrong]
    return min(good, key=lambda run: run.taken.seconds if run.taken else 0, default=runs[0])


def _run(contender: Contender, address: str, made: Books, folder: Path) -> list[Result]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "rows").write_text(str(made.full.rows))
    results = [_work(contender, work, address, made, folder) for work in contender.works]
    shutil.rmtree(folder)
    return results


def _work(contender: Contender, work: str, address: str, made: Books, folder: Path) -> Result:
    truth, rows = (made.full, made.full.rows) if work == "full" else (made.changed, 5_000)
    about: dict[str, Any] = {"contender": contender.name, "work": work, "rows": rows, "limit": contender.limit}
    try:
        words = contender.words(address, work, folder)
    except environments.CannotInstallError as error:
        return Result(**about, failure=f"can't be installed: {error}")
    taken = measure.run(words, environment=_environment(folder), folder=folder)
    if taken.failure:
        return Result(**about, taken=taken, failure=taken.failure)
    return Result(**about, taken=taken, wrong=_wrong(contender, folder, truth), notes=_notes(contender, folder))


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the person's own settings reaches a contender, and what it writes stays in its folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE") if name in os.environ}
    return {**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1", "NO_PROXY": "127.0.0.1"}


def _wrong(contender: Contender, folder: Path, truth: Truth) -> str | None:
    """What a contender's table lacks against the truth, or None."""
    rows, ore = _stored(contender, folder)
    if rows is None:
        return None
    lacks = [] if rows == truth.rows else [f"{rows:,} rows in place of {truth.rows:,}"]
    lacks += [] if ore == truth.ore else [f"the sum is off by {Decimal(ore or 0) - truth.ore} øre"]
    return "; ".join(lacks) or None


def _stored(contender: Contender, folder: Path) -> tuple[int | None, Decimal | None]:
    if contender.table is None:
        told = folder / "told.json"
        figures = json.loads(told.read_text()) if told.exists() else {}
        return figures.get("rows"), figures.get("ore")
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        amount = f'sum("{contender.amount}"::decimal(38, 9)) * 100'
        found = connection.execute(f"select count(*), {amount} from {contender.table}").fetchone()
    assert found is not None
    return found


def _notes(contender: Contender, folder: Path) -> tuple[str, ...]:
    """Where amounts are not kept as exact decimals."""
    if contender.table is None:
        return ()
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        found = connection.execute(f'select typeof("{contender.amount}") from {contender.table} limit 1').fetchone()
    kind = str(found[0]) if found else "?"
    return () if kind.startswith("DECIMAL") else (f"amounts are kept as {kind}",)


def _save_pages(address: str, rows: int, folder: Path) -> None:
    """All pages as files, for the reader alone."""
    folder.mkdir()
    last = -(-rows // 5_000)
    address += f"/v2/AccountTransactions?PageNumber=[1-{last}]"
    subprocess.run(["curl", "--silent", "--fail", "-o", str(folder / "#1.json"), address], check=True)


if __name__ == "__main__":
    began = time.monotonic()
    for result in compare(int(sys.argv[1]), only=sys.argv[2] if len(sys.argv) > 2 else ""):
        print(json.dumps(result.as_json()), flush=True)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
