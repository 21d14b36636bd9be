"""Real books that nobody here wrote, through the whole path: simulator, connector, engine, warehouse, tie-out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.programs import Installation
from tests.simulators import running_simulator
from tieout import config
from tieout.simulator.books.load import load_companies
from tieout.simulator.books.model import Books

DATA = config.load().test_data / "data"
FILES = ("sie/Test4.SE", "sie/sie_4.SE", "sie/typ4.se", "saft/example_1.30.xml")
ORE = Decimal("0.01")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real files are not at {DATA} (TIEOUT_TEST_DATA)")


@dataclass
class Synced:
    """A file as a company in a warehouse of its own, and what the file itself says of it."""

    books: Books
    installation: Installation
    events: list[dict[str, object]]

    @property
    def tie_out(self) -> dict[str, object]:
        return self.events[-1]


@pytest.fixture(scope="module", params=FILES)
def synced(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    path = DATA / request.param
    (company,) = load_companies([path], now=datetime.now(UTC))
    with running_simulator(books=(path,), throttle=False) as simulator:
        installation = Installation(tmp_path_factory.mktemp("real") / "home", simulator.url)
        installation.home.mkdir()
        installation.add_company(simulator.companies()[0]["client_key"])
        yield Synced(company.books, installation, installation.events("source", "sync", "--all"))


def sums(synced: Synced, sql: str) -> dict[object, Decimal]:
    rows = synced.installation.query(sql)
    return {tuple(row.values())[:-1]: Decimal(str(row["amount"])) for row in rows}  # type: ignore[misc]


def test_every_published_closing_balance_is_in_the_warehouse(synced: Synced) -> None:
    expected = synced.books.expected
    assert expected is not None
    assert expected.closing or expected.result
    stored = sums(
        synced, "select account_no, sum(amount) as amount from raw_poweroffice.account_transactions group by 1"
    )
    for account, ore in expected.closing.items():
        assert stored.get((account,), Decimal(0)) == ore * ORE, account
    year = year_of(synced.books)
    result = sums(
        synced,
        "select account_no, sum(amount) as amount from raw_poweroffice.account_transactions"
        f" where posting_date between '{year[0]}' and '{year[1]}' or voucher_no = 0 group by 1",
    )
    for account, ore in expected.result.items():
        assert result.get((account,), Decimal(0)) == ore * ORE, account


def test_every_published_monthly_movement_is_in_the_warehouse(synced: Synced) -> None:
    expected = synced.books.expected
    assert expected is not None
    stored = sums(
        synced,
        "select account_no, year(posting_date)::int as y, month(posting_date)::int as m, sum(amount) as amount"
        " from raw_poweroffice.account_transactions where voucher_no > 0 group by 1, 2, 3",
    )
    for where, ore in expected.monthly.items():
        assert stored.get(where, Decimal(0)) == ore * ORE, where


def test_the_books_are_proved_and_what_a_file_lacks_is_not_applicable(synced: Synced) -> None:
    assert synced.tie_out["verdict"] == "proved"
    outcomes = {check["check"]: check["outcome"] for check in synced.tie_out["checks"]}  # type: ignore[attr-defined]
    assert outcomes["ledger"] == "agrees"
    has_register = bool(synced.books.series)
    assert (outcomes["customers"] == "not_applicable") is not has_register


def test_one_posting_altered_by_hand_is_not_proved_and_named(synced: Synced) -> None:
    (posting,) = synced.installation.query(
        "select id, account_no, amount, posting_date from raw_poweroffice.account_transactions"
        " where voucher_no > 0 and amount <> 0 order by posting_date desc, id limit 1"
    )
    warehouse: Path = next((synced.installation.home / "warehouse").glob("*.duckdb"))
    alter(warehouse, posting["id"], "+ 0.01")
    try:
        told = synced.installation.events("source", "tie-out", "--all", code=1)[-1]
        assert told["verdict"] == "not_proved"
        named = {
            (row["account_no"], Decimal(row["difference"])) for row in told["differences"] if row["check"] == "ledger"
        }
        assert named == {(posting["account_no"], ORE)} or named == {(posting["account_no"], -ORE)}
    finally:
        alter(warehouse, posting["id"], "- 0.01")
    assert synced.installation.events("source", "tie-out", "--all")[-1]["verdict"] == "proved"


def alter(warehouse: Path, posting_id: object, change: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            f"update raw_poweroffice.account_transactions set amount = amount {change} where id = ?", [posting_id]
        )


def year_of(books: Books) -> tuple[date, date]:
    """The first fiscal year of the file."""
    first = books.profile.conversion_date
    last = max(posting.date for posting in books.postings.values())
    return first, last
