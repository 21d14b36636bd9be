from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tieout import config
from tieout.catalog import Grade, How, Kind
from tieout.connectors.poweroffice.generate_columns import SCHEMAS, generate
from tieout.connectors.poweroffice.streams import BY_NAME, ENDPOINTS, PROOF, STREAMS, Span

BLUEPRINT = """
account_transactions general_ledger_accounts vat_codes currencies currency_rates financial_settings organization_settings
vat_settings lock_date_settings sub_ledger_number_series locations custom_dimensions custom_dimension_settings trial_balances
customers contact_persons contact_groups payment_terms delivery_terms customer_ledger_entries customer_balances suppliers
supplier_ledger_entries supplier_balances outgoing_invoices outgoing_invoice_lines incoming_invoices sales_orders
sales_order_lines branding_themes projects employees products product_groups departments
""".split()  # noqa: SIM905 - a list to be read


@pytest.fixture(scope="module")
def openapi() -> Path:
    path = config.load().test_data / "poweroffice" / "openapi.yaml"
    if not path.exists():
        pytest.skip(f"the vendor's description is not at {path}")
    return path


@pytest.fixture(scope="module")
def described(openapi: Path) -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.load(openapi.read_bytes(), Loader=yaml.CSafeLoader)
    return found


def test_all_streams_of_the_blueprint_are_there_and_no_other() -> None:
    assert [stream.name for stream in STREAMS] == BLUEPRINT


def test_columns_are_as_fresh_as_the_vendors_description(openapi: Path) -> None:
    from tieout.connectors.poweroffice import columns

    assert Path(columns.__file__).read_text(encoding="utf-8") == generate(openapi), "run generate_columns"


def test_every_parameter_we_may_send_is_the_vendors(described: dict[str, Any]) -> None:
    for endpoint in ENDPOINTS:
        parameters = {
            parameter["name"]: parameter
            for parameter in described["paths"][endpoint.path.replace("{parent}", "{id}")]["get"].get("parameters", [])
        }
        sent = {*endpoint.changes.values(), *endpoint.always}
        sent |= {"fromDate", "toDate"} if endpoint.span is not Span.NONE else set()
        sent |= {"voucherNos"} if endpoint.stream.how is How.NUMBERED else set()
        sent |= {"resourceParameter"} if endpoint.paged else set()
        assert sent <= set(parameters), endpoint.stream.name
        assert endpoint.paged == ("resourceParameter" in parameters), endpoint.stream.name


def test_keys_windows_numbers_and_parents_name_columns_that_are_there() -> None:
    for stream in STREAMS:
        named = [*stream.primary_key, stream.window_column, stream.number_column, stream.parent_column]
        assert all(stream.column(name) for name in named if name), stream.name
        if stream.parent:
            BY_NAME[stream.parent].stream.column(stream.parent_key)


def test_what_the_proof_names_is_there() -> None:
    assert PROOF.ledger is not None
    postings = BY_NAME[PROOF.ledger.postings].stream
    for name in ("account_no", "posting_date", "amount", "voucher_id", "voucher_no"):
        postings.column(getattr(PROOF.ledger, name))
    BY_NAME[PROOF.ledger.accounts].stream.column(PROOF.ledger.account_type)
    for subledger in PROOF.subledgers:
        entries, series = BY_NAME[subledger.entries].stream, BY_NAME[subledger.series].stream
        assert [entries.column(name).name for name in (subledger.party_no, subledger.posting_date, subledger.amount)]
        assert [series.column(name).name for name in (subledger.series_type, subledger.series_account_no)]
    calendar = PROOF.calendar
    assert calendar.settings == "financial_settings"
    for column in (calendar.fiscal_year_end_month, calendar.conversion_date):
        BY_NAME[calendar.settings].stream.column(column or "")


def test_amounts_are_money_and_rates_prices_and_quantities_are_numbers() -> None:
    kinds = {column.name: column.kind for stream in STREAMS for column in stream.columns}
    money = {name for name, kind in kinds.items() if kind is Kind.MONEY}
    numbers = {name for name, kind in kinds.items() if kind is Kind.NUMBER}
    assert {"amount", "currency_amount", "balance", "vat_amount", "total_posted_amount", "fixed_price"} <= money
    assert {"quantity", "vat_rate", "exchange_rate", "unit_price", "allowance", "budgeted_hours"} <= numbers
    assert not [name for name in money if re.search("rate|quantity|hours$", name) and name != "budgeted_revenue_hours"]


def test_invoice_lines_and_rates_never_delay_the_rest() -> None:
    assert [stream.name for stream in STREAMS if stream.deferred] == ["currency_rates", "outgoing_invoice_lines"]


def test_grades_say_what_can_be_checked() -> None:
    balanced = [stream.name for stream in STREAMS if stream.grade is Grade.BALANCED]
    assert balanced == ["account_transactions", "customer_ledger_entries", "supplier_ledger_entries"]
    assert all(BY_NAME[stream.name].paged for stream in STREAMS if stream.grade is Grade.COUNTED)


def test_schemas_that_are_generated_are_those_that_are_used() -> None:
    assert len(SCHEMAS) == len(STREAMS)
