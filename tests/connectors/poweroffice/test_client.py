from __future__ import annotations

import gzip
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.fake_server import Asked, Reply
from tests.connectors.poweroffice.fake import (
    BAD_SUBSCRIPTION,
    INVALID_CLIENT,
    FakePowerOffice,
    always,
    in_turn,
    opened,
)
from tieout.catalog import Ask, Page
from tieout.connectors.errors import (
    NeedsCompanyError,
    NeedsOperatorError,
    NotPermittedError,
    TryLaterError,
    UnexpectedAnswerError,
)
from tieout.connectors.http import Patience
from tieout.connectors.poweroffice.streams import BY_NAME

CUSTOMERS = Ask(stream=BY_NAME["customers"].stream)
FORBIDDEN = Reply.of({"title": "Forbidden", "status": 403}, 403)


def rows_of(pages: list[Page]) -> list[dict[str, Any]]:
    """What lies in the spool, in the order of the pages."""
    found = []
    for page in pages:
        data = page.path.read_bytes()
        found += json.loads(gzip.decompress(data) if page.path.suffix == ".gz" else data)
    return found


def listed(count: int, *, header: str = "full", zipped: bool = True) -> Callable[[Asked], Reply]:
    """A list of rows as the vendor pages it. `header`: full, none, pascal, or a wrong total as text."""

    def answer(asked: Asked) -> Reply:
        size, number = int(asked.query["PageSize"]), int(asked.query["PageNumber"])
        rows = [{"Id": key} for key in range(1, count + 1)][(number - 1) * size : number * size]
        total = int(header) if header.isdigit() else count
        told = {"totalCount": total, "pageSize": size, "currentPage": number, "nextPageLink": None}
        if header == "pascal":
            told = {name[0].upper() + name[1:]: value for name, value in told.items()}
        headers = {} if header == "none" else {"X-Pagination": json.dumps(told)}
        return Reply.of(rows, zipped=zipped, headers=headers) if rows else Reply(204)

    return answer


@pytest.mark.parametrize("header", ["full", "none", "pascal", "0", "1", "9999"])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 64])
def test_all_rows_come_in_order_whatever_the_header_says(tmp_path: Path, count: int, header: str) -> None:
    with opened(FakePowerOffice({"/Customers": listed(count, header=header)}), page_size=10) as (reader, _):
        pages = list(reader.pages(CUSTOMERS, tmp_path))
    assert [row["Id"] for row in rows_of(pages)] == list(range(1, count + 1))
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))


def test_a_short_page_ends_paging_and_a_full_one_never_does(tmp_path: Path) -> None:
    for count, requests in ((9, 1), (10, 2), (11, 2), (20, 3)):
        with opened(FakePowerOffice({"/Customers": listed(count)}), page_size=10) as (reader, server):
            list(reader.pages(CUSTOMERS, tmp_path))
        assert server.paths().count("/v2/Customers") == requests


def test_pages_are_asked_for_in_a_unique_order(tmp_path: Path) -> None:
    with opened(FakePowerOffice({"/Customers": listed(1)})) as (reader, server):
        list(reader.pages(CUSTOMERS, tmp_path))
    assert server.asked[-1].query == {"OrderBy": "Id", "PageSize": "5000", "PageNumber": "1"}
    assert server.asked[-1].headers["Authorization"] == "Bearer token-1"
    assert server.asked[-1].headers["Ocp-Apim-Subscription-Key"] == "subscription-key"


def test_a_page_tells_total_clock_and_file(tmp_path: Path) -> None:
    with opened(FakePowerOffice({"/Customers": listed(11)}), page_size=10) as (reader, _):
        first, second = reader.pages(CUSTOMERS, tmp_path)
        assert reader.requests == 3
    assert first.total == second.total == 11
    assert first.path != second.path
    assert first.path.parent == tmp_path
    assert first.server_time is not None
    assert abs(first.server_time - datetime.now(UTC)) < timedelta(seconds=10)


def test_an_empty_array_ends_paging_as_204_does(tmp_path: Path) -> None:
    with opened(FakePowerOffice({"/Customers": in_turn(Reply.of([{"Id": 1}]), Reply.of([]))}), page_size=1) as (
        reader,
        _,
    ):
        pages = list(reader.pages(CUSTOMERS, tmp_path))
    assert rows_of(pages) == [{"Id": 1}]


def test_a_reader_left_early_asks_for_no_more(tmp_path: Path) -> None:
    with opened(FakePowerOffice({"/Customers": listed(1000)}), page_size=10) as (reader, server):
        pages = reader.pages(CUSTOMERS, tmp_path)
        list(itertools.islice(pages, 2))
        pages.close()  # type: ignore[attr-defined]
        asked = len(server.asked)
    assert asked == len(server.asked) <= 12


def test_lines_carry_their_invoice_and_those_of_a_vanished_order_are_none(tmp_path: Path) -> None:
    gone = Reply.of({"Title": "Not Found", "Status": 404}, 404)
    fake = FakePowerOffice({"/OutgoingInvoices/a/Lines": listed(1), "/SalesOrders/b/Lines": always(gone)})
    with opened(fake) as (reader, _):
        (page,) = reader.pages(Ask(stream=BY_NAME["outgoing_invoice_lines"].stream, parent="a"), tmp_path)
        assert page.fixed == {"outgoing_invoice_id": "a"}
        assert list(reader.pages(Ask(stream=BY_NAME["sales_order_lines"].stream, parent="b"), tmp_path)) == []


def test_asks_of_one_folder_never_share_a_file(tmp_path: Path) -> None:
    with opened(FakePowerOffice({"/Customers": listed(1)})) as (reader, _):
        paths = [page.path for _ in range(3) for page in reader.pages(CUSTOMERS, tmp_path)]
    assert len(set(paths)) == 3


def test_a_single_object_is_spooled_as_an_array_of_one_and_a_short_list_as_it_is(tmp_path: Path) -> None:
    fake = FakePowerOffice(
        {
            "/LockDateSettings": always(Reply.of({"LockDate": "2025-12-31"}, zipped=True)),
            "/CustomDimensionSettings": always(Reply.of([{"Ordinal": 1}, {"Ordinal": 2}])),
            "/VatSettings": always(Reply(204)),
        }
    )
    with opened(fake) as (reader, _):

        def read(name: str) -> list[dict[str, Any]]:
            return rows_of(list(reader.pages(Ask(stream=BY_NAME[name].stream), tmp_path)))

        assert read("lock_date_settings") == [{"LockDate": "2025-12-31"}]
        assert read("custom_dimension_settings") == [{"Ordinal": 1}, {"Ordinal": 2}]
        assert read("vat_settings") == []


def test_a_total_is_the_headers_and_unknown_without_one() -> None:
    stream = BY_NAME["account_transactions"].stream
    for header, total in (("full", 64), ("none", None)):
        with opened(FakePowerOffice({"/AccountTransactions": listed(64, header=header)})) as (reader, server):
            assert reader.total(Ask(stream=stream)) == total
        assert server.asked[-1].query["PageSize"] == "1"
        assert server.asked[-1].query["Fields"] == "Id"
    with opened(FakePowerOffice({"/AccountTransactions": listed(0)})) as (reader, _):
        assert reader.total(Ask(stream=stream)) == 0
        assert reader.total(Ask(stream=BY_NAME["trial_balances"].stream)) is None


def test_a_trial_balance_is_exact_and_adds_the_departments_of_a_farm() -> None:
    body = b"""[{"AccountNo": 1920, "Balance": 9007199254740.93, "AgricultureDepartment": "Farming"},
                {"AccountNo": 1920, "Balance": 0.07, "AgricultureDepartment": "Forestry"},
                {"AccountNo": 3000, "Balance": -100, "AgricultureDepartment": null}]"""
    with opened(FakePowerOffice({"/TrialBalance": always(Reply(200, body))})) as (reader, server):
        balance = reader.trial_balance(date(2025, 12, 31))
    assert balance == {1920: Decimal("9007199254741.00"), 3000: Decimal(-100)}
    assert server.asked[-1].query["date"] == "2025-12-31"


def test_a_company_without_postings_has_an_empty_trial_balance() -> None:
    with opened(FakePowerOffice({"/TrialBalance": always(Reply(204))})) as (reader, _):
        assert reader.trial_balance(date(2025, 12, 31)) == {}


def test_party_balances_keep_the_ledgers_sign() -> None:
    fake = FakePowerOffice(
        {
            "/Customerledger/CustomerBalances": always(Reply.of([{"CustomerAccountNo": 10001, "Balance": 12.5}])),
            "/Supplierledger/SupplierBalances": always(Reply.of([{"SupplierAccountNo": 20001, "Balance": -0.1}])),
        }
    )
    with opened(fake) as (reader, _):
        assert reader.party_balances("customers", date(2025, 12, 31)) == {10001: Decimal("12.5")}
        assert reader.party_balances("suppliers", date(2025, 12, 31)) == {20001: Decimal("-0.1")}


def test_balances_without_a_balance_are_an_unexpected_answer() -> None:
    with (
        opened(FakePowerOffice({"/TrialBalance": always(Reply.of([{"AccountNo": 1920}]))})) as (reader, _),
        pytest.raises(UnexpectedAnswerError),
    ):
        reader.trial_balance(date(2025, 12, 31))


def information(valid: list[str], invalid: list[str]) -> Callable[[Asked], Reply]:
    told = {"ClientId": "id", "ClientName": "Fixture", "ValidPrivileges": valid, "InvalidPrivileges": invalid}
    return always(Reply.of({**told, "ActiveClientSubscriptions": ["Accounting"]}))


def test_a_company_is_known_by_its_settings_and_its_information() -> None:
    settings = {"Name": "Fixture AS", "LegalName": "Fixture", "OrganizationNumber": "NO 923 609 016 MVA"}
    fake = FakePowerOffice(
        {
            "/ClientIntegrationInformation": information(["Customer"], ["Project_Full"]),
            "/OrganizationSettings": always(Reply.of(settings)),
        }
    )
    with opened(fake) as (reader, _):
        company = reader.company()
    assert (company.name, company.organisation_number, company.client_id) == ("Fixture AS", "923609016", "id")
    assert (company.valid_privileges, company.invalid_privileges) == (("Customer",), ("Project_Full",))
    assert company.subscriptions == ("Accounting",)


def test_a_company_without_an_organisation_number_is_never_taken_for_another() -> None:
    fake = FakePowerOffice(
        {
            "/ClientIntegrationInformation": information([], []),
            "/OrganizationSettings": always(Reply.of({"Name": "Fixture AS", "OrganizationNumber": None})),
        }
    )
    with opened(fake) as (reader, _), pytest.raises(UnexpectedAnswerError):
        reader.company()


@pytest.mark.parametrize(
    ("valid", "invalid", "reason"),
    [
        ([], ["Customer_Full"], r"lacks the module behind the privilege Customer \(active modules: Accounting\)"),
        (["Supplier"], [], "has not been granted the privilege Customer"),
    ],
)
@pytest.mark.parametrize("refusal", [FORBIDDEN, Reply(403), Reply.of({"title": "Missing privilege"}, 400)])
def test_a_closed_stream_says_whether_the_module_or_the_privilege_is_missing(
    tmp_path: Path, refusal: Reply, valid: list[str], invalid: list[str], reason: str
) -> None:
    fake = FakePowerOffice(
        {"/Customers": always(refusal), "/ClientIntegrationInformation": information(valid, invalid)}
    )
    with opened(fake) as (reader, _), pytest.raises(NotPermittedError, match=reason) as caught:
        list(reader.pages(CUSTOMERS, tmp_path))
    assert caught.value.reason in str(caught.value)


@pytest.mark.parametrize("name", ["Customer", "Customer_Full"])
def test_a_privilege_that_is_there_deserves_a_newer_token(tmp_path: Path, name: str) -> None:
    fake = FakePowerOffice({"/ClientIntegrationInformation": information([name], [])})
    fake.answers["/Customers"] = lambda asked: (
        FORBIDDEN if asked.headers["Authorization"] == "Bearer token-1" else Reply.of([{"Id": 1}])
    )
    with opened(fake) as (reader, _):
        assert rows_of(list(reader.pages(CUSTOMERS, tmp_path))) == [{"Id": 1}]

    fake.answers["/Customers"] = always(FORBIDDEN)
    with opened(fake) as (reader, _), pytest.raises(UnexpectedAnswerError, match="403"):
        list(reader.pages(CUSTOMERS, tmp_path))


def test_a_token_that_ends_in_the_middle_is_renewed_once(tmp_path: Path) -> None:
    fake = FakePowerOffice()
    rows = listed(40)

    def customers(asked: Asked) -> Reply:
        if asked.query["PageNumber"] == "2":
            fake.refused.add("token-1")
        return Reply(401) if asked.headers["Authorization"].endswith("-1") and fake.refused else rows(asked)

    fake.answers["/Customers"] = customers
    with opened(fake, page_size=10) as (reader, server):
        assert len(rows_of(list(reader.pages(CUSTOMERS, tmp_path)))) == 40
    assert server.paths().count("/OAuth/Token") == 2


def test_a_token_that_is_refused_as_soon_as_it_is_given_is_left_to_the_next_sync(tmp_path: Path) -> None:
    with opened(FakePowerOffice({"/Customers": always(Reply(401))})) as (reader, _), pytest.raises(TryLaterError):
        list(reader.pages(CUSTOMERS, tmp_path))


def test_an_approval_withdrawn_in_the_middle_needs_the_company(tmp_path: Path) -> None:
    fake = FakePowerOffice({"/Customers": always(Reply(401))})
    fake.tokens = in_turn(Reply.of({"access_token": "token-1", "expires_in": 1200}), INVALID_CLIENT)
    with opened(fake) as (reader, _), pytest.raises(NeedsCompanyError):
        list(reader.pages(CUSTOMERS, tmp_path))


def test_a_refused_subscription_key_needs_the_operator(tmp_path: Path) -> None:
    with (
        opened(FakePowerOffice({"/Customers": always(BAD_SUBSCRIPTION)})) as (reader, _),
        pytest.raises(NeedsOperatorError),
    ):
        list(reader.pages(CUSTOMERS, tmp_path))


@pytest.mark.parametrize(
    "refusal",
    [
        Reply.of({"statusCode": 404, "message": "Resource not found"}, 404),
        Reply.of({"Title": "Not Found"}, 404),
        Reply.of({"Title": "Bad Request", "Detail": "Unknown parameter"}, 400),
        Reply(302, headers={"Location": "http://elsewhere.example/"}),
    ],
)
def test_a_refusal_is_never_taken_for_no_rows(tmp_path: Path, refusal: Reply) -> None:
    with opened(FakePowerOffice({"/Customers": always(refusal)})) as (reader, _), pytest.raises(UnexpectedAnswerError):
        list(reader.pages(CUSTOMERS, tmp_path))


def test_a_wrong_path_is_loud_even_for_lines(tmp_path: Path) -> None:
    gateway = Reply.of({"statusCode": 404, "message": "Resource not found"}, 404)
    ask = Ask(stream=BY_NAME["outgoing_invoice_lines"].stream, parent="a")
    with (
        opened(FakePowerOffice({"/OutgoingInvoices/a/Lines": always(gateway)})) as (reader, _),
        pytest.raises(UnexpectedAnswerError),
    ):
        list(reader.pages(ask, tmp_path))


def test_pages_larger_than_the_vendor_allows_are_never_asked_for() -> None:
    with pytest.raises(ValueError, match="20000"), opened(FakePowerOffice(), page_size=20_001):
        raise AssertionError("unreachable")


def test_somebody_who_waits_is_told_to_try_later_however_many_calls_it_takes() -> None:
    fake = FakePowerOffice({"/ClientIntegrationInformation": always(Reply(503))})
    with opened(fake, patience=Patience(0.3)) as (reader, _):
        began = time.monotonic()
        with pytest.raises(TryLaterError):
            reader.company()
        assert time.monotonic() - began < 2


def test_an_error_says_whose_books_were_read(tmp_path: Path) -> None:
    fake = FakePowerOffice()
    fake.tokens = always(INVALID_CLIENT)
    with opened(fake, company="987654325") as (reader, _), pytest.raises(NeedsCompanyError) as caught:
        list(reader.pages(CUSTOMERS, tmp_path))
    assert caught.value.company == "987654325"
