"""Every body that the simulator gives fits the vendor's description; and bodies are not empty shells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import is_for_readers, lists, required, rows
from tests.simulators import running_simulator
from tieout import config
from tieout.simulator.poweroffice.api.endpoint import Endpoint, Shape
from tieout.simulator.poweroffice.api.table import ENDPOINTS

DATA = config.load().test_data / "data"
FILES = ("sie/Test4.SE", "sie/sie_4.SE", "sie/typ4.se", "saft/example_1.30.xml", "saft/ruby-saft_biggest_v1.30.xml")
MOST_ROWS = 250  # validated per list: each takes about a millisecond


def sample(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first rows, the last ones, and some between."""
    step = max(1, len(found) // MOST_ROWS)
    return [*found[::step], *found[-5:]]


def check(description: Any, schema: str, found: Iterable[dict[str, Any]]) -> None:
    for row in found:
        error = next(description.validator(schema).iter_errors(row), None)
        assert error is None, f"{schema}: {list(error.absolute_path)}: {error.message}"


def check_everything(description: Any, api: httpx2.Client) -> set[str]:
    """Validate each list, and lines and single entities behind it. Gives the schemas that had rows."""
    met = set()
    for endpoint in lists():
        found = rows(api, endpoint)
        check(description, endpoint.schema, sample(found))
        met |= {endpoint.schema} if found else set()
        for behind in _behind(endpoint):
            for row in found[:3]:
                lines = rows(api, behind, _address(behind, row))
                check(description, behind.schema, lines)
                met |= {behind.schema} if lines else set()
    return met


def _behind(endpoint: Endpoint) -> list[Endpoint]:
    """What is found by an entity's id, or by its contact's and its own."""
    addresses = (f"{endpoint.path}/{{id}}", f"{endpoint.path}/{{contactId}}/")
    return [one for one in ENDPOINTS if one.path.startswith(addresses) and "lineId" not in one.path and one.columns]


def _address(endpoint: Endpoint, row: dict[str, Any]) -> str:
    return endpoint.path.replace("{id}", str(row["Id"])).replace("{contactId}", str(row.get("ContactId")))


def test_every_body_of_an_invented_company_fits_the_description(description: Any) -> None:
    with running_simulator(size="demo", throttle=False, thread=True) as simulator, simulator.api() as api:
        met = check_everything(description, api)
    assert met == {one.schema for one in ENDPOINTS if is_for_readers(one)}, (
        "some lists were empty, so nothing was shown of them"
    )


@pytest.mark.parametrize("name", FILES)
def test_every_body_of_a_loaded_file_fits_the_description(description: Any, name: str) -> None:
    path: Path = DATA / name
    if not path.exists():
        pytest.skip(f"no test data at {path} (TIEOUT_TEST_DATA)")
    with running_simulator(books=[path], now=None, throttle=False, thread=True) as simulator, simulator.api() as api:
        met = check_everything(description, api)
    assert {"AccountTransactionDto", "GeneralLedgerAccountDto", "OrganizationSettingDto"} <= met


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if one.columns], ids=lambda endpoint: endpoint.path)
def test_rows_have_exactly_the_described_properties(description: Any, endpoint: Endpoint) -> None:
    assert set(endpoint.columns) == set(description.properties(endpoint.schema))


# Added by the vendor after the description was written (contract 6.11).
LATER = {
    "/Customers": {"organizationNumbers"},
    "/Suppliers": {"organizationNumbers", "emailAddresses"},
    "/Employees": {"employeeEmails", "subLedgerAccountIds"},
    "/Customerledger/CustomerBalances": {"customerIds"},
    "/Supplierledger/SupplierBalances": {"supplierIds"},
    "/OutgoingInvoices": {"orderNos", "importedOrderNos", "externalImportReferences"},
}


@pytest.mark.parametrize(
    "endpoint", [one for one in ENDPOINTS if "{" not in one.path], ids=lambda endpoint: endpoint.path
)
def test_parameters_are_the_described_ones(description: Any, endpoint: Endpoint) -> None:
    told = description.parameters(endpoint.path)
    known = {one.name for one in endpoint.parameters} | set(endpoint.not_simulated)
    assert known == set(told) | LATER.get(endpoint.path, set())
    assert set(required(endpoint)) == {name for name, is_required in told.items() if is_required}


def test_paths_are_the_described_ones(description: Any) -> None:
    described = {path.lower().replace("{employeeid}", "{id}") for path in description.document()["paths"]}
    assert {endpoint.path.lower() for endpoint in ENDPOINTS} <= described


# What contract 7 calls always present, by schema.
ALWAYS = {
    "AccountTransactionDto": {
        "Id", "AccountId", "AccountNo", "Amount", "CreatedDateTimeOffset", "CurrencyAmount", "LastChangedDateTimeOffset",
        "PostingDate", "VatAmount", "VatId", "VatRate", "VoucherDate", "VoucherId", "VoucherNo", "VoucherType",
    },
    "TrialBalanceLineDto": {"AccountId", "AccountNo", "Balance"},
    "CustomerLedgerEntryDto": {
        "Id", "Amount", "Balance", "PostingDate", "VoucherDate", "VoucherId", "VoucherNo", "VoucherType",
        "CreatedDateTimeOffset", "LastChangedDateTimeOffset",
    },
    "OutgoingInvoiceDto": {"Id", "IsReversed", "NetAmount", "TotalAmount", "VoucherDate", "VoucherNo", "VoucherType"},
    "IncomingInvoiceListItemDto": {"Id", "Balance", "DueDate", "SupplierId", "SupplierNo", "VoucherNo", "VoucherType"},
}  # fmt: skip
ALWAYS["SupplierLedgerEntryDto"] = ALWAYS["CustomerLedgerEntryDto"]
SHARE_FILLED = 0.6


@pytest.fixture(scope="module")
def realistic() -> Any:
    with running_simulator(size="realistic", throttle=False, thread=True) as simulator, simulator.api() as api:
        yield {endpoint.path: _newest(api, endpoint) for endpoint in lists()}, _lines(api)


def _newest(api: httpx2.Client, endpoint: Endpoint) -> list[dict[str, Any]]:
    """Up to 8,000 rows, which is all but of the largest lists."""
    if endpoint.shape is not Shape.PAGED:
        return rows(api, endpoint)
    order = {"OrderBy": "Id desc"} if "Id" in endpoint.columns else {}
    answer = api.get(endpoint.path, params={**required(endpoint), **order, "PageSize": "8000"})
    return list(answer.json()) if answer.status_code == 200 else []


def _lines(api: httpx2.Client) -> dict[str, list[dict[str, Any]]]:
    """Lines of the newest invoices and of all orders."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in ("/OutgoingInvoices", "/SalesOrders"):
        behind = next(one for one in ENDPOINTS if one.path == f"{path}/{{id}}/Lines")
        newest = rows(api, next(one for one in ENDPOINTS if one.path == path), Fields="Id")[-60:]
        found[behind.path] = [
            line for row in newest for line in rows(api, behind, behind.path.replace("{id}", row["Id"]))
        ]
    return found


def test_properties_that_are_always_present_are_so_in_every_row(realistic: Any) -> None:
    lists_by_path, _ = realistic
    for endpoint in lists():
        names = ALWAYS.get(endpoint.schema, {"Id"} & set(endpoint.columns))
        for row in lists_by_path[endpoint.path]:
            missing = [name for name in names if row[name] is None]
            assert not missing, f"{endpoint.path} lacks {missing}"


def test_most_properties_are_filled_somewhere(realistic: Any) -> None:
    lists_by_path, lines = realistic
    poor = {}
    for path, found in {**lists_by_path, **lines}.items():
        if path.endswith("/EntriesByMatchId"):  # the statement's rows, and only those of one match
            continue
        properties = next(one for one in ENDPOINTS if one.path == path).columns
        empty = sorted(name for name in properties if all(row[name] in (None, [], "") for row in found))
        if len(empty) > (1 - SHARE_FILLED) * len(properties):
            poor[path] = f"{len(found)} rows, never filled: {empty}"
    assert not poor
