"""The engine against the simulated PowerOffice Go: counts, balances and the published figures of real files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulators import Simulator, running_simulator
from tieout import config
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.ledger.fiscal_year import month_end
from tieout.sync.events import Event, SyncFinished, TiedOut
from tieout.sync.run import Options, run
from tieout.warehouse.base import Outcome, SourceStore, Sums, TieOut, Verdict
from tieout.warehouse.duckdb import open_warehouse

DATA = config.load().test_data
POSTINGS = Sums("account_transactions", "account_no", "amount", "posting_date")
COUNTED = {  # truth's word -> stream
    "AccountTransactions": "account_transactions",
    "Customers": "customers",
    "Suppliers": "suppliers",
    "Customerledger/Statement": "customer_ledger_entries",
    "Supplierledger/Statement": "supplier_ledger_entries",
    "OutgoingInvoices": "outgoing_invoices",
    "OutgoingInvoices/Lines": "outgoing_invoice_lines",
    "IncomingInvoices": "incoming_invoices",
    "SalesOrders": "sales_orders",
    "SalesOrders/Lines": "sales_order_lines",
    "Projects": "projects",
    "Products": "products",
    "Departments": "departments",
    "VatCodes": "vat_codes",
}


class Synced:
    """One company of a simulator, synced into a warehouse."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulator, self.company = simulator, simulator.company()
        self.organisation_number: str = self.company["organisation_number"]
        settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": simulator.url})
        self.connector = PowerOffice(settings, limit=NoLimit())  # the simulator has none here either
        self.warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool")
        self.store: SourceStore = self.warehouse.source("source-1", connector="poweroffice")
        self.events: list[Event] = []

    def sync(self, **how: bool) -> TieOut:
        reader = self.connector.open(Secret(self.company["client_key"]))
        self.events = list(run(self.connector, reader, self.store, spool=self.store.spool, options=Options(**how)))  # type: ignore[arg-type]
        finished = next(event for event in self.events if isinstance(event, SyncFinished))
        assert finished.outcome is Outcome.SUCCEEDED, finished
        return next(event.tie_out for event in self.events if isinstance(event, TiedOut))

    def counts(self) -> dict[str, tuple[int, int]]:
        """Where the warehouse has another number of rows than the books: stream -> (stored, true)."""
        truth = self.simulator.truth_counts(self.organisation_number)
        stored = {stream: self.store.count(stream) for stream in COUNTED.values()}
        return {s: (stored[s], truth[word]) for word, s in COUNTED.items() if stored[s] != truth[word]}

    def unmarked(self) -> list[tuple[int]]:
        """Postings of a voucher that another one reverses and that don't say so."""
        schema = "raw_poweroffice.account_transactions"
        with self.warehouse.connection() as connection:
            return connection.execute(
                f"select id from {schema} where not is_reversed and voucher_no in (select reversed_voucher_no from {schema})"
            ).fetchall()


def test_an_invented_company_ends_row_for_row_as_its_books_through_weeks_of_changes(tmp_path: Path) -> None:
    with running_simulator(size="tiny", throttle=False) as simulator:
        synced = Synced(simulator, tmp_path)
        assert synced.sync().verdict is Verdict.PROVED
        assert synced.counts() == {}
        for days in (5, 2):  # after seven all is read again
            simulator.advance(days=days)
            assert synced.sync().verdict is Verdict.PROVED
            assert synced.counts() == {}
            assert synced.unmarked() == []


@pytest.fixture(params=["sie/Test4.SE", "sie/sie_4.SE", "sie/typ4.se", "saft/example_1.30.xml"])
def file_of_books(request: pytest.FixtureRequest) -> Path:
    path = DATA / "data" / str(request.param)
    if not path.exists():
        pytest.skip(f"no {path}: set TIEOUT_TEST_DATA to the folder with the public files")
    return path


@pytest.fixture
def real(file_of_books: Path, tmp_path: Path) -> Iterator[Synced]:
    with running_simulator(books=[file_of_books], throttle=False) as simulator:
        yield Synced(simulator, tmp_path)


def test_a_real_file_is_proved_and_its_published_figures_come_out_to_the_ore(real: Synced, file_of_books: Path) -> None:
    tied = real.sync()
    assert tied.verdict is Verdict.PROVED
    remarks = {check.reason for check in tied.checks if check.check == "vouchers"}
    assert remarks == {"opening_not_zero" if "sie_4" in str(file_of_books) else None}
    expected = real.simulator.truth_expected(real.organisation_number)
    assert expected["closing"]
    months = real.store.dates("account_transactions", "posting_date")
    last = month_end(months[-1])
    stored = real.store.sums(POSTINGS, until=last)
    closing = {int(one["account_no"]): Decimal(str(one["balance"])) for one in expected["closing"]}
    assert {
        no: stored.get(no, Decimal(0)) - balance for no, balance in closing.items() if stored.get(no, 0) != balance
    } == {}
    for one in expected["monthly"]:
        first = date(one["year"], one["month"], 1)
        moved = real.store.sums(POSTINGS, since=first, until=month_end(first))
        assert moved.get(int(one["account_no"]), Decimal(0)) == Decimal(str(one["movement"])), one
