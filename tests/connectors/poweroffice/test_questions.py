from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tieout.catalog import Ask, NumberRange, Stream, Window
from tieout.connectors.poweroffice.questions import Question, question, total_question
from tieout.connectors.poweroffice.streams import BY_NAME, STREAMS

TODAY = date(2026, 11, 22)
WHOLE_SPAN = {"fromDate": "1900-01-01", "toDate": "2036-12-31"}


def stream(name: str) -> Stream:
    return BY_NAME[name].stream


def asked(ask: Ask) -> Question:
    found = question(ask, TODAY)
    assert found is not None
    return found


def test_postings_are_asked_for_a_window_or_for_all_time_with_what_lies_ahead() -> None:
    windowed = asked(Ask(stream=stream("account_transactions"), window=Window(date(2025, 1, 1), date(2025, 12, 31))))
    assert windowed.params == {"fromDate": "2025-01-01", "toDate": "2025-12-31"}
    assert asked(Ask(stream=stream("account_transactions"))).params == WHOLE_SPAN


def test_changes_are_asked_for_by_an_instant_in_utc_that_is_never_rounded_up() -> None:
    moment = datetime(2026, 11, 22, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    params = asked(Ask(stream=stream("customers"), changed_after=moment)).params
    assert params == {"lastChangedDateTimeOffsetGreaterThan": "2026-11-22T11:00:00.999999Z"}


@pytest.mark.parametrize(
    ("name", "kind", "parameter"),
    [
        ("outgoing_invoices", "balance", "balanceLastChangedDateTimeOffsetGreaterThan"),
        ("incoming_invoices", "balance", "balanceLastChangedDateTimeOffsetGreaterThan"),
        ("products", "stock", "stockOnHandLastChangedDatetimeOffsetGreaterThan"),
    ],
)
def test_each_kind_of_change_has_a_filter_of_its_own(name: str, kind: str, parameter: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    params = asked(Ask(stream=stream(name), changed_after=moment, changed_by=kind)).params
    assert params == {parameter: "2026-01-01T00:00:00.000000Z"}


def test_new_invoices_are_those_with_a_greater_voucher_number() -> None:
    assert asked(Ask(stream=stream("outgoing_invoices"), number_after=41)).params == {"voucherNos": "42-"}


def test_ledger_entries_are_never_asked_for_a_past_span_since_their_balances_would_be_old() -> None:
    with pytest.raises(ValueError, match="span"):
        question(Ask(stream=stream("customer_ledger_entries"), window=Window(TODAY, TODAY)), TODAY)
    assert asked(Ask(stream=stream("customer_ledger_entries"))).params == WHOLE_SPAN


@pytest.mark.parametrize(("name", "parameter"), [("customer", "customerNos"), ("supplier", "supplierNos")])
def test_ledger_entries_are_divided_by_their_parties_numbers(name: str, parameter: str) -> None:
    ledger = stream(f"{name}_ledger_entries")
    assert asked(Ask(stream=ledger, part=NumberRange(0, 9_999))).params == WHOLE_SPAN | {parameter: "0-9999"}
    assert asked(Ask(stream=ledger, part=NumberRange(10_000))).params == WHOLE_SPAN | {parameter: "10000-"}


def test_of_employees_nothing_but_names_and_numbers_is_ever_asked_for() -> None:
    assert asked(Ask(stream=stream("employees"))).params == {"Fields": "Id,Number,FirstName,LastName"}
    assert {column.name for column in stream("employees").columns} == {"id", "number", "first_name", "last_name"}


def test_a_scan_of_keys_asks_for_keys_alone() -> None:
    assert asked(Ask(stream=stream("customers"), keys_only=True)).params == {"Fields": "Id"}


def test_lines_are_asked_for_by_their_invoice_and_carry_it() -> None:
    found = asked(Ask(stream=stream("outgoing_invoice_lines"), parent="6f9619ff-8b86-d011-b42d-00cf4fc964ff"))
    assert found.path == "/OutgoingInvoices/6f9619ff-8b86-d011-b42d-00cf4fc964ff/Lines"
    assert found.fixed == {"outgoing_invoice_id": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}


def test_a_snapshot_carries_its_date() -> None:
    found = asked(Ask(stream=stream("trial_balances"), on=date(2025, 12, 31)))
    assert found.params == {"date": "2025-12-31"}
    assert found.fixed == {"date": "2025-12-31"}
    with pytest.raises(ValueError, match="date"):
        question(Ask(stream=stream("trial_balances")), TODAY)


def test_rates_are_asked_for_one_currency_and_day_and_never_for_the_home_currency() -> None:
    euro = asked(Ask(stream=stream("currency_rates"), parent="EUR", on=date(2025, 12, 31)))
    assert euro.params == {"fromCurrency": "EUR", "toCurrency": "NOK", "asOnDate": "2025-12-31T00:00:00Z"}
    assert euro.fixed == {"currency_code": "EUR", "date": "2025-12-31"}
    assert question(Ask(stream=stream("currency_rates"), parent="NOK", on=date(2025, 12, 31)), TODAY) is None


def test_pages_have_a_unique_order_and_what_is_not_paged_is_asked_for_without() -> None:
    assert asked(Ask(stream=stream("currencies"))).page(2, 5000) == {
        "OrderBy": "Code",
        "PageSize": "5000",
        "PageNumber": "2",
    }
    assert asked(Ask(stream=stream("lock_date_settings"))).page(1, 5000) == {}


def test_expired_vat_codes_come_too_so_that_old_postings_resolve() -> None:
    assert asked(Ask(stream=stream("vat_codes"))).params == {"includeExpired": "true"}


def test_a_total_is_asked_for_where_rows_are_listed_as_a_whole() -> None:
    countable = {stream.name for stream in STREAMS if total_question(Ask(stream=stream), TODAY)}
    assert {"account_transactions", "customers", "outgoing_invoices", "vat_codes"} <= countable
    assert not countable & {"trial_balances", "outgoing_invoice_lines", "financial_settings", "currency_rates"}
