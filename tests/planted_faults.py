"""Faults planted into a synced warehouse, and what the tie-out makes of each: `python -m tests.planted_faults [N] [SEED]`.

Prints a table: found, localised to account and month, to the voucher, healed, requests. Every fault is planted behind the
engine's back, into the stored rows; the source is a simulated PowerOffice Go.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.simulators import Simulator, running_simulator
from tieout import config
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.sync.events import TiedOut
from tieout.sync.run import Deferred, Options, run, tie_out
from tieout.warehouse.base import TieOut, Verdict
from tieout.warehouse.duckdb import open_warehouse

TABLE = "raw_poweroffice.account_transactions"
Sums = dict[tuple[int, date], Decimal]


class Planting:
    """One company's warehouse, in which faults are planted."""

    def __init__(self, simulator: Simulator, folder: Path, seed: int) -> None:
        company = simulator.company()
        settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": simulator.url})
        self.connector = PowerOffice(settings, limit=NoLimit())  # the simulator has none here either
        self._key = Secret(company["client_key"])
        self._reader = self.connector.open(self._key)
        self.warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool")
        self.store = self.warehouse.source("source-1", connector="poweroffice")
        self.random = random.Random(seed)

    def sync(self) -> TieOut:
        """A sync whose tie-out makes every check there is, as the nightly one does."""
        self.write("delete from tieout.cursors where kind in ('complete', 'years')")
        options = Options(deferred=Deferred.NONE, patience_seconds=0)
        events = list(run(self.connector, self._reader, self.store, spool=self.store.spool, options=options))
        return next(event.tie_out for event in events if isinstance(event, TiedOut))

    def tie_out(self) -> TieOut:
        """A tie-out alone, which mends nothing."""
        events = list(tie_out(self.connector, self._reader, self.store))
        return next(event.tie_out for event in events if isinstance(event, TiedOut))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connection() as connection:
            return connection.execute(sql).fetchall()

    def write(self, *statements: str) -> None:
        with self.warehouse.writing() as connection:
            for sql in statements:
                connection.execute(sql)

    def sums(self) -> Sums:
        """Stored movement by account and month."""
        found = self.ask(
            f"select account_no, date_trunc('month', posting_date)::date, sum(amount) from {TABLE} group by all"
        )
        return {(account, month): amount for account, month, amount in found if amount}

    def some(self, what: str, where: str = "true") -> Any:
        """One value of a column, at random."""
        return self.random.choice(
            sorted(value for (value,) in self.ask(f"select distinct {what} from {TABLE} where {where}"))
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fault. `vouchers` is None where naming single vouchers means nothing."""

    kind: str
    changes_a_balance: bool
    found: bool
    localised: bool
    to_the_voucher: bool
    exact: bool
    healed: bool
    requests: int
    shapes: tuple[str, ...]


def lost_row(at: Planting) -> None:
    at.write(f"delete from {TABLE} where id = {at.some('id')}")


def lost_voucher(at: Planting) -> None:
    at.write(f"delete from {TABLE} where voucher_no = {at.some('voucher_no', 'voucher_no > 0')}")


def doubled_row(at: Planting) -> None:
    at.write(f"insert into {TABLE} select * from {TABLE} where id = {at.some('id')}")


def doubled_voucher(at: Planting) -> None:
    """Under ids that the source does not have."""
    voucher = at.some("voucher_no", "voucher_no > 0")
    at.write(
        f"insert into {TABLE} select * replace (id + 1000000000000 as id) from {TABLE} where voucher_no = {voucher}"
    )


def changed_amount(at: Planting) -> None:
    by = Decimal(at.random.randint(1, 10**7)) / 100
    at.write(f"update {TABLE} set amount = amount + {by} where id = {at.some('id')}")


def shifted_date(at: Planting) -> None:
    """A whole voucher into another month; never the opening, which stands before everything.

    Within a month no balance that is asked would change, and nothing could tell; nor could it of an unused number's posting
    of nothing.
    """
    by = at.random.choice([-1, 1]) * at.random.randint(31, 90)
    voucher = at.some("voucher_no", "voucher_no > 0 and amount <> 0")
    at.write(f"update {TABLE} set posting_date = posting_date + {by} where voucher_no = {voucher}")


def lost_month(at: Planting) -> None:
    month: date = at.some("date_trunc('month', posting_date)::date", "voucher_no > 0")
    at.write(f"delete from {TABLE} where voucher_no > 0 and date_trunc('month', posting_date) = '{month}'")


def lost_opening(at: Planting) -> None:
    at.write(f"delete from {TABLE} where voucher_no = 0")


def wrong_account(at: Planting) -> None:
    row = at.some("id", "amount <> 0")  # a posting of nothing changes no balance on any account
    account = at.some("account_no", f"account_no <> (select account_no from {TABLE} where id = {row})")
    at.write(f"update {TABLE} set account_no = {account} where id = {row}")


FAULTS: dict[str, Callable[[Planting], None]] = {
    fault.__name__: fault
    for fault in (
        lost_row,
        lost_voucher,
        doubled_row,
        doubled_voucher,
        changed_amount,
        shifted_date,
        lost_month,
        lost_opening,
        wrong_account,
    )
}


def plant(at: Planting, kind: str) -> Outcome:
    """Plant one fault, sync, and judge what was said against what was done. Leaves the books proved, or fails."""
    before, rows = at.sums(), at.ask(f"select * exclude (_sync_id) from {TABLE} order by all")
    FAULTS[kind](at)
    after = at.sums()
    apart = {place: after.get(place, Decimal(0)) - before.get(place, Decimal(0)) for place in {*before, *after}}
    apart = {place: amount for place, amount in apart.items() if amount}
    vouchers = _vouchers_apart(rows, at)
    tied = at.sync()
    told: defaultdict[tuple[int, date], Decimal] = defaultdict(Decimal)
    findings = [finding for finding in tied.incident.findings if finding.check == "ledger"] if tied.incident else []
    for finding in findings:
        told[finding.account_no or 0, finding.month or date.min] += finding.difference
    told_apart = {place: amount for place, amount in told.items() if amount}
    return Outcome(
        kind=kind,
        changes_a_balance=bool(apart),
        found=bool(findings),
        localised=set(told_apart) == set(apart),
        to_the_voucher={finding.voucher_no for finding in findings} == vouchers,
        exact=told_apart == apart,
        healed=tied.verdict is Verdict.PROVED
        and at.ask(f"select * exclude (_sync_id) from {TABLE} order by all") == rows,
        requests=tied.incident.requests if tied.incident else 0,
        shapes=tuple(sorted({finding.shape.value for finding in findings})),
    )


def _vouchers_apart(rows: list[tuple[Any, ...]], at: Planting) -> set[int]:
    """Numbers of the vouchers that the fault touched."""
    names = [name for (name,) in at.ask(f"select column_name from (describe select * exclude (_sync_id) from {TABLE})")]
    number = names.index("voucher_no")
    now = Counter(map(str, at.ask(f"select * exclude (_sync_id) from {TABLE} order by all")))
    then = Counter(map(str, rows))
    by_text = {str(row): row[number] for row in rows}
    lost = {by_text[text] for text in then - now}
    doubled = {row[number] for row in rows if now[str(row)] > then[str(row)]}
    new_ids = {voucher for (voucher,) in at.ask(f"select voucher_no from {TABLE} where id >= 1000000000000")}
    return lost | doubled | new_ids


@contextmanager
def planting(
    folder: Path, *, size: str = "tiny", seed: int = 1, books: Sequence[Path] = (), must_be_proved: bool = True
) -> Iterator[Planting]:
    """A company, invented or of a file, synced and proved, ready for faults."""
    with running_simulator(size=size, seed=seed, books=books, throttle=False, thread=True) as simulator:
        at = Planting(simulator, folder, seed)
        first = at.sync()
        if must_be_proved and first.verdict is not Verdict.PROVED:
            raise AssertionError(f"not proved before any fault: {first.differences[:3]}")
        yield at
        at.warehouse.close()


def table(outcomes: list[Outcome]) -> str:
    """A line per kind of fault, as Markdown."""
    heads = [
        "fault",
        "planted",
        "changes a balance",
        "found",
        "right account and month",
        "right voucher",
        "to the øre",
        "healed",
    ]
    heads += ["requests, median (most)", "shapes told"]
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * 8} --- |"]
    for kind in [*FAULTS, "all"]:
        of = [outcome for outcome in outcomes if kind in (outcome.kind, "all")]
        if not of:
            continue
        figures = [
            sum(getattr(o, name) for o in of)
            for name in ("changes_a_balance", "found", "localised", "to_the_voucher", "exact", "healed")
        ]
        asked = sorted(o.requests for o in of)
        shapes = Counter(shape for o in of for shape in o.shapes)
        told = ", ".join(f"{shape} {count}" for shape, count in shapes.most_common()) if kind != "all" else ""
        cells = [
            kind.replace("_", " "),
            str(len(of)),
            *map(str, figures),
            f"{asked[len(asked) // 2]} ({asked[-1]})",
            told,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(count: int = 200, seed: int = 1) -> int:
    """Plant `count` faults, the kinds in turn; the exit code is 1 where one that changes a balance was missed or stayed."""
    with tempfile.TemporaryDirectory() as folder, planting(Path(folder), seed=seed) as at:
        outcomes = []
        for n, kind in zip(range(count), list(FAULTS) * (count // len(FAULTS) + 1), strict=False):
            outcomes.append(plant(at, kind))
            bad = outcomes[-1]
            if not (bad.found and bad.localised and bad.exact and bad.healed):
                sys.stderr.write(f"{n}: {bad}\n")
            if not bad.healed and bad.changes_a_balance:
                break
    sys.stdout.write(table(outcomes) + "\n")
    missed = [o for o in outcomes if o.changes_a_balance and not (o.found and o.localised and o.exact)]
    return 1 if missed or not all(o.healed for o in outcomes if o.changes_a_balance) else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
