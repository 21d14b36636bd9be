"""Books for tests: raw rows put in by hand, so that every figure can be worked out on paper, or a simulated company synced."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.simulators import Simulator
from tieout import config, reports
from tieout.connectors.base import Secret
from tieout.connectors.registry import connectors
from tieout.sync.run import Options, run
from tieout.warehouse.base import Outcome, TieOut, Verdict
from tieout.warehouse.duckdb import DuckDBWarehouse, open_warehouse

RAW = "raw_poweroffice"
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


def warehouse_in(folder: Path, *, published: bool = False) -> DuckDBWarehouse:
    copy = folder / "published" if published else None
    return open_warehouse(folder / "w.duckdb", spool=folder / "spool", published=copy, views=reports.views)


class Books:
    """What a test asks of a warehouse."""

    def __init__(self, warehouse: DuckDBWarehouse) -> None:
        self.warehouse = warehouse

    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.warehouse.connection() as connection:
            return connection.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: Any) -> Any:
        """The first column of the only row."""
        ((value,),) = self.all(sql, *values)
        return value

    def sums(self, sql: str, *values: Any) -> dict[Any, Decimal]:
        """First column -> second."""
        return dict(self.all(sql, *values))


class HandMade(Books):
    """Companies whose raw rows are written down by a test. Their last sync was at noon of 16 March 2026."""

    def __init__(self, folder: Path, *companies: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared(companies or ("a",), are_synced=True), folder / "w.duckdb")
        super().__init__(warehouse_in(folder, published=True))
        self._id = 0

    def put(self, stream: str, *rows: dict[str, Any], company: str = "a") -> None:
        with self.warehouse.connection() as connection:
            for row in rows:
                told = {"_source_id": company, "_sync_id": 1, **row}
                names = ", ".join(f'"{name}"' for name in told)
                marks = ", ".join("?" for _ in told)
                connection.execute(f"insert into {RAW}.{stream} ({names}) values ({marks})", list(told.values()))

    def chart(self, accounts: dict[int, tuple[str, str]], *, company: str = "a") -> None:
        """Account number -> (name, type as the source spells it)."""
        rows = [
            {"id": no, "account_no": no, "name": name, "general_ledger_account_type": kind}
            for no, (name, kind) in accounts.items()
        ]
        self.put("general_ledger_accounts", *rows, company=company)

    def voucher(
        self,
        on: date,
        *lines: tuple[int, str] | tuple[int, str, dict[str, Any]],
        kind: str = "ManualJournal",
        no: int | None = None,
        company: str = "a",
    ) -> uuid.UUID:
        """Post lines of (account, amount, more columns). They must sum to zero unless `no` is 0."""
        assert no == 0 or sum(Decimal(line[1]) for line in lines) == 0
        voucher_id = uuid.uuid4()
        number = self._next() if no is None else no
        for line in lines:
            more = line[2] if len(line) == 3 else {}
            row = {"id": self._next(), "account_no": line[0], "amount": Decimal(line[1]), "posting_date": on, **more}
            head = {"voucher_id": voucher_id, "voucher_no": number, "voucher_type": kind, "voucher_date": on}
            self.put("account_transactions", {**head, **row}, company=company)
        return voucher_id

    def entry(self, ledger: str, number: int, on: date, amount: str, *, company: str = "a", **more: Any) -> None:
        """An entry of the "customer" or "supplier" ledger; open as a whole unless `balance` says otherwise."""
        row = {"id": self._next(), f"{ledger}_account_no": number, "posting_date": on, "amount": Decimal(amount)}
        self.put(f"{ledger}_ledger_entries", {**row, "balance": Decimal(amount), **more}, company=company)

    def _next(self) -> int:
        self._id += 1
        return self._id


# Of the 3-series, which no real company has.
NUMBERS = {"a": "310000002", "b": "310000010", "c": "310000029"}


@cache
def prepared(companies: tuple[str, ...], *, are_synced: bool) -> Path:
    """A file with empty tables and all views. Made once, since making a hundred views takes a second."""
    folder = Path(_templates.name) / f"{'-'.join(companies)} {are_synced}"
    warehouse = warehouse_in(folder)
    for company in companies:
        store = warehouse.source(company, connector="poweroffice")
        store.prepare(connectors(config.load({"TIEOUT_HOME": "/nowhere"}))["poweroffice"].streams)
        if are_synced:
            store.keep_company(name=f"Test {company.upper()} AS", organisation_number=NUMBERS[company])
            sync = store.begin_sync(NOON)
            store.finish_sync(sync, Outcome.SUCCEEDED, at=NOON)
            store.record_tie_out(TieOut(at=NOON, verdict=Verdict.PROVED, checks=(), sync=sync))
    warehouse.close()
    return folder / "w.duckdb"


_templates = tempfile.TemporaryDirectory()


class Synced(Books):
    """A simulated company, synced into a warehouse of its own; of streams that the tie-out can do without, `only` some."""

    def __init__(self, simulator: Simulator, folder: Path, *, only: Collection[str], published: bool = False) -> None:
        shutil.copyfile(prepared(("a",), are_synced=False), folder / "w.duckdb")
        super().__init__(warehouse_in(folder, published=published))
        self.simulator, company = simulator, simulator.company()
        self.organisation_number: str = company["organisation_number"]
        settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": simulator.url})
        connector = connectors(settings)["poweroffice"]
        store = self.warehouse.source("a", connector="poweroffice")
        skipped = frozenset(stream.name for stream in connector.streams if stream.name not in only)
        options = Options(skip=skipped, patience_seconds=0)
        for _ in run(
            connector, connector.open(Secret(company["client_key"])), store, spool=store.spool, options=options
        ):
            pass
        assert store.summary().verdict is not Verdict.NOT_PROVED  # some checks need streams that are left out here
