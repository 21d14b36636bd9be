"""A fiscal year as SAF-T: valid, complete, and the same books when it is read again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from tests.reports.books import HandMade, Synced
from tests.simulators import running_simulator
from tieout import config
from tieout.reports.saft import CannotExportError, Grouping, Order, check, export
from tieout.reports.saft.elements import NAMESPACE

SCHEMA = config.load().test_data / "data/saft/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd"
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
END = "2026-01-31"  # the invented company's fiscal years end in January
AFTER = "2026-03-31"  # a reader may take a voucher dated in the month after its period for one of that month
CONTACT = ("Test", "Administrator")
ENDS = {"account_transactions", "general_ledger_accounts", "vat_codes", "sub_ledger_number_series", "financial_settings",
        "organization_settings", "customer_ledger_entries", "supplier_ledger_entries", "customers", "suppliers",
        "projects", "departments", "locations"}  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Synced:
    with running_simulator(seed=1, throttle=False, thread=True) as simulator:
        return Synced(simulator, tmp_path_factory.mktemp("saft"), only=ENDS)


def written(company: Synced, folder: Path, **more: object) -> Path:
    with company.warehouse.connection() as connection:
        order = Order(company_id="a", **{"fiscal_year": 2026, "contact": CONTACT, **more})  # type: ignore[arg-type]
        return export(connection, order, folder, now=NOW).path


def test_a_year_is_valid_and_nothing_in_it_is_amiss(company: Synced, tmp_path: Path) -> None:
    if not SCHEMA.exists():
        pytest.skip(f"no {SCHEMA}")
    file = written(company, tmp_path)
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(etree.parse(str(file))), schema.error_log
    assert check(file) == []


def test_it_has_every_posting_of_the_year(company: Synced, tmp_path: Path) -> None:
    lines = etree.parse(str(written(company, tmp_path))).iter(f"{{{NAMESPACE}}}Line")
    assert len(list(lines)) == company.one("select count(*) from core.postings where fiscal_year = 2026")


def test_closing_balances_are_the_ledgers(company: Synced, tmp_path: Path) -> None:
    accounts = etree.parse(str(written(company, tmp_path))).iter(f"{{{NAMESPACE}}}Account")
    told = {
        int(node.findtext(f"{{{NAMESPACE}}}AccountID") or 0): Decimal(
            node.findtext(f"{{{NAMESPACE}}}ClosingDebitBalance") or 0
        )
        - Decimal(node.findtext(f"{{{NAMESPACE}}}ClosingCreditBalance") or 0)
        for node in accounts
    }
    ledger = company.sums(
        "select p.account_no, sum(p.amount) from core.postings p join core.accounts a using (company_id, account_no) "
        "where p.posting_date <= '2026-01-31' and (not a.is_result_account or p.fiscal_year = 2026) group by 1"
    )
    assert {number: amount for number, amount in told.items() if amount} == {n: a for n, a in ledger.items() if a}


def test_what_was_exported_loaded_as_a_company_and_synced_has_the_same_trial_balance(
    company: Synced, tmp_path: Path
) -> None:
    file = written(company, tmp_path)
    with running_simulator(books=(file,), throttle=False, thread=True) as simulator:
        (tmp_path / "again").mkdir()
        loaded = Synced(simulator, tmp_path / "again", only=ENDS)
    balances = (
        "select account_no, sum(amount) from core.postings join core.accounts using (company_id, account_no) "
        "where posting_date <= ? and not is_result_account group by 1 having sum(amount) <> 0"
    )
    # Read again, a voucher dated in the month after its period may stand in that month.
    assert dict(loaded.all(balances, date.fromisoformat(AFTER))) == dict(company.all(balances, date.fromisoformat(END)))
    assert loaded.one("select count(*) from core.postings") == company.one(
        "select count(*) from core.postings where posting_date <= ?", date.fromisoformat(END)
    )


def test_an_account_goes_where_a_person_said(company: Synced, tmp_path: Path) -> None:
    chosen = {1920: Grouping(category="balanseverdiForOmloepsmiddel", code="1900", is_confirmed=True)}
    tree = etree.parse(str(written(company, tmp_path, groupings=chosen)))
    names = {"s": NAMESPACE}
    assert tree.xpath("string(//s:Account[s:AccountID='1920']/s:GroupingCode)", namespaces=names) == "1900"
    assert tree.xpath("string(//s:Account[s:AccountID='1500']/s:GroupingCode)", namespaces=names) == "1500"


def test_months_of_a_year_open_with_what_came_before(company: Synced, tmp_path: Path) -> None:
    assert check(written(company, tmp_path, months=(12, 12))) == []


def test_parts_of_an_ore_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    books = HandMade(tmp_path / "books")
    books.voucher(date(2026, 1, 5), (1920, "100.005"), (3000, "-100.005"))
    folder = tmp_path / "out"
    folder.mkdir()
    with books.warehouse.connection() as connection, pytest.raises(CannotExportError, match="parts of an øre"):
        export(connection, Order(company_id="a", fiscal_year=2026, contact=CONTACT), folder, now=NOW)
    assert list(folder.iterdir()) == []
