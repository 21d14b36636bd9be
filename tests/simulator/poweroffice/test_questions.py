"""How lists are asked: filters, order, fields, pages, and what is refused (contract 5, 11)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import FAR, endpoint, lists, required, rows
from tests.simulators import NOW, Simulator
from tieout.simulator.poweroffice.api.endpoint import Endpoint, Shape

TRANSACTIONS = endpoint("/AccountTransactions")
CUSTOMERS = endpoint("/Customers")


@pytest.fixture(scope="module")
def transactions(api: httpx2.Client) -> list[dict[str, Any]]:
    return rows(api, TRANSACTIONS, OrderBy="Id")


def ask(api: httpx2.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = api.get(path, params=params)
    if answer.status_code == 204:
        return []
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def postings(api: httpx2.Client, **params: Any) -> list[dict[str, Any]]:
    return ask(api, "/AccountTransactions", **{**FAR, "PageSize": 20_000, **params})


def first_order(own: Simulator) -> dict[str, Any]:
    """An order, as soon as somebody has one."""
    for _ in range(20):
        own.advance(days=1)
        with own.api() as api:
            if found := ask(api, "/SalesOrders"):
                return found[0]
    raise AssertionError("nobody ordered anything for twenty days")


def test_no_rows_are_204_without_a_body(api: httpx2.Client) -> None:
    answer = api.get("/AccountTransactions", params={"fromDate": "1901-01-01", "toDate": "1901-12-31"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_page_behind_the_last_is_204_or_an_empty_list(own: Simulator) -> None:
    with own.api() as api:
        assert api.get("/Customers", params={"PageNumber": 99}).status_code == 204
        own.options(past_the_end="empty")
        assert api.get("/Customers", params={"PageNumber": 99}).json() == []


def test_pages_hold_every_row_once_in_the_order_asked_for(api: httpx2.Client) -> None:
    whole = [row["Id"] for row in ask(api, "/Customers", OrderBy="Id")]
    told: list[int] = []
    for number in range(1, 5):
        told += [row["Id"] for row in ask(api, "/Customers", OrderBy="Id", PageSize=7, PageNumber=number)]
    assert told == whole == sorted(whole)


def test_header_counts_pages_and_its_links_lead_on(api: httpx2.Client) -> None:
    answer = api.get("/Customers", params={"OrderBy": "Id", "PageSize": 7, "Fields": "Id"})
    told = json.loads(answer.headers["x-pagination"])
    total = len(ask(api, "/Customers"))
    assert told["totalCount"] == total
    assert (told["pageSize"], told["currentPage"], told["totalPages"]) == (7, 1, -(-total // 7))
    assert told["previousPageLink"] is None
    query = dict(parse_qsl(urlsplit(told["nextPageLink"]).query))
    assert query == {"OrderBy": "Id", "PageSize": "7", "Fields": "Id", "PageNumber": "2"}
    second = api.get(told["nextPageLink"])
    assert len(second.json()) == 7
    assert json.loads(second.headers["x-pagination"])["previousPageLink"]


def test_last_page_has_no_next_link(api: httpx2.Client) -> None:
    told = json.loads(api.get("/Customers").headers["x-pagination"])
    assert told["nextPageLink"] is None
    assert told["pageSize"] == 5_000


def test_header_can_have_other_keys_or_be_missing(own: Simulator) -> None:
    with own.api() as api:
        own.options(pagination_keys="pascal")
        assert "TotalCount" in json.loads(api.get("/Customers").headers["x-pagination"])
        own.options(pagination_keys="none")
        assert "x-pagination" not in api.get("/Customers").headers


@pytest.mark.parametrize(
    "params",
    [
        {"PageSize": 20_001},
        {"PageSize": 0},
        {"PageNumber": 0},
        {"PageSize": "many"},
        {"Fields": "Id,Nothing"},
        {"OrderBy": "Nothing"},
        {"OrderBy": "Id sideways"},
        {"$top": 5},
        {"resourceParameter[PageNumber]": 1},
        {"customerId": 5},
        {"fromDate": "2026-01-01"},
        {"lastChangedDateTimeOffsetGreaterThan": "yesterday"},
        {"lastChangedDateTimeOffsetGreaterThan": "2026-01-01T00:00:00 00:00"},
        {"customerNos": "ten"},
        {"UseDatabaseValidation": "true"},
    ],
)
def test_what_is_not_understood_is_400_with_problem_details(api: httpx2.Client, params: dict[str, Any]) -> None:
    refused = api.get("/Customers", params=params)
    assert refused.status_code == 400
    told = refused.json()
    assert (told["title"], told["status"], told["instance"]) == ("Bad Request", 400, "/v2/Customers")
    assert told["detail"]


def test_documented_filter_that_is_not_simulated_says_so(api: httpx2.Client) -> None:
    refused = api.get("/Customers", params={"externalImportReference": "x"})
    assert refused.status_code == 400
    assert "not simulated" in refused.json()["detail"]


def test_page_size_can_be_clamped(own: Simulator) -> None:
    own.options(page_size_beyond="clamp")
    with own.api() as api:
        told = json.loads(api.get("/Customers", params={"PageSize": 50_000}).headers["x-pagination"])
    assert told["pageSize"] == 20_000


@pytest.mark.parametrize("one", lists(), ids=lambda one: one.path)
def test_unknown_parameters_are_refused_everywhere(api: httpx2.Client, one: Endpoint) -> None:
    assert api.get(one.path, params={**required(one), "unknown": "1"}).status_code == 400


@pytest.mark.parametrize("one", [one for one in lists() if one.shape is not Shape.PAGED], ids=lambda one: one.path)
def test_objects_and_whole_lists_take_no_paging(api: httpx2.Client, one: Endpoint) -> None:
    assert api.get(one.path, params={**required(one), "PageSize": "5"}).status_code == 400


def test_only_the_fields_asked_for_come(api: httpx2.Client) -> None:
    assert all(set(row) == {"Number", "Name"} for row in ask(api, "/Customers", Fields="Number,Name"))


def test_order_goes_by_several_properties_and_directions(api: httpx2.Client) -> None:
    told = ask(api, "/GeneralLedgerAccounts", OrderBy="GeneralLedgerAccountType desc, AccountNo", Fields="AccountNo")
    whole = ask(api, "/GeneralLedgerAccounts")
    types = sorted({row["GeneralLedgerAccountType"] for row in whole}, reverse=True)
    expected = [
        row["AccountNo"]
        for kind in types
        for row in sorted(whole, key=lambda row: row["AccountNo"])
        if row["GeneralLedgerAccountType"] == kind
    ]
    assert [row["AccountNo"] for row in told] == expected


def test_order_can_be_shuffled_where_none_is_asked_for(own: Simulator) -> None:
    own.options(order="shuffled")
    with own.api() as api:
        told = [[row["Id"] for row in ask(api, "/GeneralLedgerAccounts", Fields="Id")] for _ in range(3)]
        assert told[0] != told[1] or told[1] != told[2]
        ordered = [row["Id"] for row in ask(api, "/GeneralLedgerAccounts", Fields="Id", OrderBy="Id")]
    assert ordered == sorted(told[0])


def test_nulls_can_be_left_out(own: Simulator) -> None:
    own.options(nulls="omitted")
    with own.api() as api:
        assert all(value is not None for row in ask(api, "/Customers") for value in row.values())


def test_dates_are_inclusive(api: httpx2.Client, transactions: list[dict[str, Any]]) -> None:
    day = transactions[len(transactions) // 2]["PostingDate"]
    told = postings(api, fromDate=day, toDate=f"{day}T23:59:00Z")
    assert told
    assert [row["Id"] for row in told] == [row["Id"] for row in transactions if row["PostingDate"] == day]


def test_changes_are_strictly_later(api: httpx2.Client, transactions: list[dict[str, Any]]) -> None:
    stamp = sorted(row["LastChangedDateTimeOffset"] for row in transactions)[-40]
    after = datetime.fromisoformat(stamp)
    told = postings(api, lastChangedDateTimeOffsetGreaterThan=stamp.replace("+00:00", "Z"))
    later = [row["Id"] for row in transactions if datetime.fromisoformat(row["LastChangedDateTimeOffset"]) > after]
    assert [row["Id"] for row in told] == later
    just_before = (after - timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert len(postings(api, lastChangedDateTimeOffsetGreaterThan=just_before)) > len(told)


def test_time_without_offset_is_utc_and_seven_digits_are_understood(api: httpx2.Client) -> None:
    stamps = ("2026-03-01T00:00:00", "2026-03-01T00:00:00.0000001Z", "2026-03-01T01:00:00+01:00")
    told = [len(postings(api, createdDateTimeOffsetGreaterThan=stamp)) for stamp in stamps]
    assert len(set(told)) == 1


@pytest.mark.parametrize(
    ("parameter", "value", "holds"),
    [
        ("accountNos", "1500, 3000-3999", lambda row: row["AccountNo"] == 1500 or 3000 <= row["AccountNo"] <= 3999),
        ("voucherNos", "20-", lambda row: row["VoucherNo"] >= 20),
        ("voucherTypes", "OutgoingInvoice,IncomingInvoice", lambda row: row["VoucherType"].endswith("Invoice")),
        ("departmentCodes", "-1", lambda row: row["DepartmentCode"] is None),
        ("departmentCodes", "01", lambda row: row["DepartmentCode"] == "01"),
        ("projectCodes", "-1", lambda row: row["ProjectCode"] is None),
        ("productCodes", "-1", lambda row: row["ProductCode"] is None),
        ("vatCodes", "3", lambda row: row["VatCode"] == "3"),
        ("voucherNos", " ", lambda row: True),
        ("departmentCodes", "nobody knows this", lambda row: False),
    ],
)
def test_filter_keeps_the_rows_it_says(
    api: httpx2.Client, transactions: list[dict[str, Any]], parameter: str, value: str, holds: Any
) -> None:
    expected = [row["Id"] for row in transactions if holds(row)]
    assert len(expected) < len(transactions) or not value.strip(), "the filter must take something away"
    assert [row["Id"] for row in postings(api, **{parameter: value})] == expected


def test_filters_add_up(api: httpx2.Client, transactions: list[dict[str, Any]]) -> None:
    told = postings(api, accountNos="1500", voucherTypes="OutgoingInvoice")
    expected = [r["Id"] for r in transactions if (r["AccountNo"], r["VoucherType"]) == (1500, "OutgoingInvoice")]
    assert [row["Id"] for row in told] == expected


def test_sub_projects_come_along_when_asked_for(api: httpx2.Client) -> None:
    codes = {row["Code"] for row in ask(api, "/Projects", Fields="Code")}
    parent = next(code.split(".")[0] for code in sorted(codes) if "." in code)
    alone = {row["Code"] for row in ask(api, "/Projects", projectCodes=parent)}
    family = {row["Code"] for row in ask(api, "/Projects", projectCodes=parent, includeSubProjects="true")}
    assert alone == {parent}
    assert family == {code for code in codes if code.split(".")[0] == parent} > alone


def test_vouchers_but_the_opening_one_sum_to_zero(transactions: list[dict[str, Any]]) -> None:
    sums: dict[int, Decimal] = {}
    for row in transactions:
        sums[row["VoucherNo"]] = sums.get(row["VoucherNo"], Decimal()) + Decimal(str(row["Amount"]))
    assert {number for number, amount in sums.items() if amount} <= {0}
    assert 0 in sums


def test_opening_voucher_can_be_left_out_of_transactions(own: Simulator) -> None:
    own.options(opening_in_transactions=False)
    with own.api() as api:
        assert 0 not in {row["VoucherNo"] for row in postings(api)}
        total = len(postings(api))
    assert own.truth_counts(own.company()["organisation_number"])["AccountTransactions"] == total


@pytest.mark.parametrize("on", ["2025-12-31", "2026-02-28", NOW.date().isoformat(), "2030-01-01"])
def test_trial_balance_is_that_of_the_books(api: httpx2.Client, simulator: Simulator, org: str, on: str) -> None:
    told = {row["AccountNo"]: Decimal(str(row["Balance"])) for row in ask(api, "/TrialBalance", date=on)}
    assert {number: balance for number, balance in told.items() if balance} == simulator.truth_trial_balance(org, on)
    assert Decimal() in told.values(), "accounts with nothing on them are shown"
    hidden = ask(api, "/TrialBalance", date=on, hideAccountsWithZeroBalance="true")
    assert all(row["Balance"] for row in hidden)
    assert len(hidden) == len(simulator.truth_trial_balance(org, on))


def test_trial_balance_adds_up_a_dimensions_postings(api: httpx2.Client, transactions: list[dict[str, Any]]) -> None:
    told = ask(api, "/TrialBalance", date="2025-12-31", departmentCodes="01", accountNos="6000-6999")
    by_account: dict[int, Decimal] = {}
    for row in postings(api, toDate="2025-12-31", fromDate="2025-10-01", departmentCodes="01"):
        by_account[row["AccountNo"]] = by_account.get(row["AccountNo"], Decimal()) + Decimal(str(row["Amount"]))
    assert told
    for row in told:
        assert Decimal(str(row["Balance"])) == by_account.get(row["AccountNo"], 0), row


def test_balances_are_sums_of_the_statement_and_of_the_control_account(
    api: httpx2.Client, simulator: Simulator, org: str
) -> None:
    today = NOW.date().isoformat()
    truth = simulator.truth_party_balances(org, today)
    for kind in ("Customer", "Supplier"):
        statement: dict[int, Decimal] = {}
        for row in ask(api, f"/{kind}ledger/Statement", fromDate="1900-01-01", toDate=today):
            number = row[f"{kind}AccountNo"]
            statement[number] = statement.get(number, Decimal()) + Decimal(str(row["Amount"]))
        balances = {
            row[f"{kind}AccountNo"]: Decimal(str(row["Balance"]))
            for row in ask(api, f"/{kind}ledger/{kind}Balances", date=today)
        }
        assert balances == statement
        assert {number: amount for number, amount in balances.items() if amount} == truth[kind.lower()]
        open_only = ask(api, f"/{kind}ledger/{kind}Balances", date=today, includeOnlyOpenItems="true")
        assert len(open_only) <= len(balances)


def test_open_items_are_the_statements_entries_with_a_balance(api: httpx2.Client) -> None:
    today = NOW.date().isoformat()
    for kind in ("Customer", "Supplier"):
        statement = ask(api, f"/{kind}ledger/Statement", fromDate="1900-01-01", toDate=today)
        told = ask(api, f"/{kind}ledger/OpenItems", date=today)
        assert {row["Id"] for row in told} == {row["Id"] for row in statement if row["Balance"]}


def test_balance_of_a_past_statement_is_that_of_its_last_day(api: httpx2.Client) -> None:
    past = ask(api, "/Customerledger/Statement", fromDate="1900-01-01", toDate="2026-01-31")
    now = {row["Id"]: row["Balance"] for row in ask(api, "/Customerledger/Statement", **FAR)}
    assert any(row["Balance"] != now[row["Id"]] for row in past)


def test_matched_entries_are_found_by_their_match(api: httpx2.Client) -> None:
    entry = next(row for row in ask(api, "/Customerledger/Statement", **FAR) if row["MatchId"] and not row["Balance"])
    matched = ask(api, "/Customerledger/EntriesByMatchId", matchId=entry["MatchId"])
    assert entry["Id"] in {row["Id"] for row in matched}
    assert len(matched) > 1
    assert {row["MatchId"] for row in matched} == {entry["MatchId"]}


def test_invoice_is_found_by_its_id_with_its_lines(api: httpx2.Client) -> None:
    invoice = next(row for row in ask(api, "/OutgoingInvoices") if row["SentDateTimeOffset"])
    alone = api.get(f"/OutgoingInvoices/{invoice['Id'].upper()}").json()
    assert alone == invoice
    lines = ask(api, f"/OutgoingInvoices/{invoice['Id']}/Lines", OrderBy="SortOrder")
    net = sum(Decimal(str(row["NetAmount"])) for row in lines)
    assert net == Decimal(str(invoice["NetAmount"]))
    assert {row["VoucherId"] for row in postings(api, voucherNos=str(invoice["VoucherNo"]))} == {invoice["Id"]}


@pytest.mark.parametrize(
    "path",
    [
        "/OutgoingInvoices/11111111-1111-4111-8111-111111111111",
        "/OutgoingInvoices/11111111-1111-4111-8111-111111111111/Lines",
        "/OutgoingInvoices/no-uuid/Lines",
        "/SalesOrders/11111111-1111-4111-8111-111111111111/Complete",
        "/Customers/999999999",
    ],
)
def test_what_is_not_there_is_the_apis_own_404(api: httpx2.Client, path: str) -> None:
    refused = api.get(path)
    assert refused.status_code == 404
    assert refused.json()["status"] == 404


def test_invoice_without_lines_has_204(api: httpx2.Client) -> None:
    imported = [row for row in ask(api, "/OutgoingInvoices") if row["SentDateTimeOffset"] is None]
    if not imported:
        pytest.skip("the tiny company imported no invoice")
    assert api.get(f"/OutgoingInvoices/{imported[0]['Id']}/Lines").status_code == 204


def test_new_invoices_and_paid_ones_are_found_by_their_filters(api: httpx2.Client) -> None:
    whole = ask(api, "/OutgoingInvoices", OrderBy="VoucherNo")
    middle = whole[len(whole) // 2]["VoucherNo"]
    told = ask(api, "/OutgoingInvoices", voucherNos=f"{middle + 1}-", OrderBy="VoucherNo")
    assert [row["Id"] for row in told] == [row["Id"] for row in whole if row["VoucherNo"] > middle]
    paid = ask(api, "/OutgoingInvoices", balanceLastChangedDateTimeOffsetGreaterThan="2000-01-01T00:00:00Z")
    assert {row["Id"] for row in paid} == {row["Id"] for row in whole if row["BalanceLastChangedDateTimeOffset"]}


def test_signs_of_incoming_invoices_are_a_switch(own: Simulator) -> None:
    with own.api() as api:
        ledger = [row["TotalAmount"] for row in ask(api, "/IncomingInvoices", OrderBy="VoucherNo")]
        own.options(incoming_sign="positive")
        turned = [row["TotalAmount"] for row in ask(api, "/IncomingInvoices", OrderBy="VoucherNo")]
    assert turned == [-amount for amount in ledger]
    assert min(ledger) < 0


def test_expired_vat_codes_are_hidden_unless_asked_for(own: Simulator) -> None:
    with own.api() as api:
        shown = {row["Id"] for row in ask(api, "/VatCodes")}
        whole = {row["Id"]: row["ValidTo"] for row in ask(api, "/VatCodes", includeExpired="true")}
    today = own.now().date().isoformat()
    assert shown == {number for number, until in whole.items() if until is None or until >= today}


def test_currency_costs_what_the_day_says_and_its_reverse_fits(api: httpx2.Client) -> None:
    def rate(source: str, target: str, on: str) -> dict[str, Any]:
        query = {"fromCurrency": source, "toCurrency": target, "asOnDate": f"{on}T00:00:00Z"}
        told: dict[str, Any] = api.get("/CurrencyRates", params=query).json()
        return told

    euro = rate("EUR", "NOK", "2026-02-10")
    assert 8 < euro["ExchangeRate"] < 15
    assert (euro["CurrencyCode"], euro["RateDate"]) == ("EUR", "2026-02-10")
    assert rate("NOK", "EUR", "2026-02-10")["ExchangeRate"] == pytest.approx(euro["ReverseExchangeRate"], abs=1e-6)
    future = date.fromisoformat(rate("EUR", "NOK", "2099-01-01")["RateDate"])
    assert future <= NOW.date()


def test_unknown_currency_is_refused(api: httpx2.Client) -> None:
    query = {"fromCurrency": "XXX", "toCurrency": "NOK", "asOnDate": "2026-02-10"}
    assert api.get("/CurrencyRates", params=query).status_code == 400


def test_span_with_too_many_rows_can_be_too_much(own: Simulator) -> None:
    own.options(most_rows_in_span=50)
    with own.api() as api:
        assert api.get("/AccountTransactions", params=FAR).status_code == 500
        narrow = {"fromDate": "2026-03-12", "toDate": "2026-03-13"}
        assert api.get("/AccountTransactions", params=narrow).status_code in (200, 204)


def test_details_of_contacts_are_found_by_contact_and_id(api: httpx2.Client) -> None:
    for path in ("/ContactBankAccounts", "/ContactDeliveryAddresses", "/ContactPersons"):
        row = ask(api, path)[0]
        assert api.get(f"{path}/{row['ContactId']}/{row['Id']}").json() == row
        assert api.get(f"{path}/{row['ContactId'] + 1}/{row['Id']}").status_code == 404
        assert {one["ContactId"] for one in ask(api, path, contactIds=row["ContactId"])} == {row["ContactId"]}


def test_bank_accounts_are_found_by_number_and_by_change(api: httpx2.Client) -> None:
    whole = ask(api, "/ContactBankAccounts", OrderBy="Id")
    number = whole[-1]["BankAccountNumber"]
    assert [row["Id"] for row in ask(api, "/ContactBankAccounts", bankAccountNumbers=number)] == [whole[-1]["Id"]]
    stamp = max(row["LastChangedDateTimeOffset"] for row in whole).replace("+00:00", "Z")
    assert ask(api, "/ContactBankAccounts", lastChangedDateTimeOffsetGreaterThan=stamp) == []


def test_details_are_shown_of_contacts_that_may_be_read(own: Simulator) -> None:
    own.options(privileges=["Employee", "ContactBankAccount"])
    with own.api() as api:
        contacts = {row["ContactId"] for row in ask(api, "/ContactBankAccounts")}
        employees = {row["Id"] for row in ask(api, "/Employees")}
        assert contacts == employees
        assert api.get("/Customers").status_code == 403


def test_employee_is_paid_into_an_account_of_the_list(api: httpx2.Client) -> None:
    accounts = {row["Id"]: row["ContactId"] for row in ask(api, "/ContactBankAccounts")}
    assert all(accounts[row["SalaryBankAccountId"]] == row["Id"] for row in ask(api, "/Employees"))


def test_journal_entry_tells_drafts_from_posted_vouchers(own: Simulator) -> None:
    with own.api() as api:
        posted = {row["VoucherId"] for row in postings(api)}
        drafts = {row["Id"] for row in ask(api, "/JournalEntryVouchers", isPosted="false")}
        told = {row["Id"] for row in ask(api, "/JournalEntryVouchers", isPosted="true")}
        assert drafts
        assert not drafts & posted
        assert told <= posted
    own.advance(days=20)
    with own.api() as api:
        now = {row["VoucherId"] for row in postings(api)}
        left = {row["Id"] for row in ask(api, "/JournalEntryVouchers", isPosted="false")}
    assert not drafts & left
    assert drafts & now, "a draft is posted under its own id"


def test_vouchers_of_others_are_not_there_and_posting_needs_its_privilege(own: Simulator) -> None:
    with own.api() as api:
        voucher = ask(api, "/JournalEntryVouchers", isPosted="true")[0]
        assert api.get(f"/JournalEntryVouchers/ManualJournals/{voucher['Id']}").json()["status"] == 404
        assert api.get(f"/Vouchers/ManualJournals/{voucher['Id']}").status_code == 403
        assert api.get("/VoucherApproval").status_code == 403
        assert api.get("/SalesOrders/sentState").status_code == 403
    order = first_order(own)
    own.options(privileges=["ManualVoucher_Full", "VoucherApproval_Full", "SalesOrders_Full"])
    with own.api() as api:
        assert api.get(f"/Vouchers/ManualJournals/{voucher['Id']}").status_code == 404
        assert api.get("/VoucherApproval").status_code == 204
        (state,) = ask(api, "/SalesOrders/sentState", id=order["Id"])
        assert (state["Id"], state["SentDateTimeOffset"]) == (order["Id"], None)


def test_line_of_an_order_is_found_by_its_id(own: Simulator) -> None:
    order = first_order(own)
    with own.api() as api:
        line = ask(api, f"/SalesOrders/{order['Id']}/Lines")[-1]
        assert api.get(f"/SalesOrders/{order['Id']}/Lines/{line['Id']}").json() == line
        assert api.get(f"/SalesOrders/{order['Id']}/Lines/{order['Id']}").status_code == 404


def test_documentation_is_downloaded_as_a_zip_or_is_204(api: httpx2.Client) -> None:
    row = next(row for row in ask(api, "/VoucherDocumentation") if row["HasEhf"])
    assert ask(api, "/VoucherDocumentation", voucherNo=row["VoucherNo"]) == [row]
    assert ask(api, "/VoucherDocumentation", id=row["VoucherId"]) == [row]
    whole = api.get("/VoucherDocumentation/Download", params={"id": row["VoucherId"]})
    assert whole.headers["content-type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(whole.content)).namelist() == ["ehf.xml"]
    images = api.get("/VoucherDocumentation/Download", params={"id": row["VoucherId"], "documentationType": "Images"})
    assert images.status_code == 204
    assert api.get("/VoucherDocumentation/Download").status_code == 404  # the gateway misses the id
