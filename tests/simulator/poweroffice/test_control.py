"""The control that scripts call (docs/reference/scripting.md): its shapes, its truth, its clock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import FAR, lists, rows
from tests.simulators import NOW, Simulator, running_simulator

ORDERS = ("OutgoingInvoices", "SalesOrders")


def control(simulator: Simulator, method: str, path: str, body: Any = None) -> httpx2.Response:
    return httpx2.request(method, f"{simulator.url}/_simulator{path}", json=body, trust_env=False, timeout=30)


def test_companies_and_keys_are_told(simulator: Simulator) -> None:
    told = control(simulator, "GET", "/companies").json()
    assert {"application_key", "subscription_key", "companies"} <= set(told)
    assert {"name", "organisation_number", "client_key"} <= set(told["companies"][0])


def test_truth_counts_what_the_lists_give(simulator: Simulator, api: httpx2.Client, org: str) -> None:
    truth = simulator.truth_counts(org)
    told = {}
    for endpoint in lists():
        name = endpoint.path.lstrip("/")
        expired = {"includeExpired": "true"} if name == "VatCodes" else {}
        if name in truth:
            told[name] = len(rows(api, endpoint, **expired))
    for name in ORDERS:
        found = api.get(f"/{name}", params={"Fields": "Id"})
        ids = [row["Id"] for row in found.json()] if found.status_code == 200 else []
        pages = [api.get(f"/{name}/{one}/Lines") for one in ids]
        told[f"{name}/Lines"] = sum(len(page.json()) for page in pages if page.status_code == 200)
    assert told == truth


def test_truth_is_text_with_two_decimals_and_no_zeros(simulator: Simulator, org: str) -> None:
    told = control(simulator, "GET", f"/truth/trial-balance?org={org}&date=2026-02-28").json()["accounts"]
    assert told
    assert all(set(one) == {"account_no", "balance"} for one in told)
    assert all(one["balance"][-3] == "." and one["balance"] not in ("0.00", "-0.00") for one in told)


def test_truth_of_vat_is_what_the_vat_accounts_moved(simulator: Simulator, api: httpx2.Client, org: str) -> None:
    terms = simulator.truth_vat(org)
    assert len(terms) >= 2
    for term in terms:
        span = {"fromDate": term["from"], "toDate": term["to"], "accountNos": "2700-2719"}
        answer = api.get("/AccountTransactions", params=span)
        moved: dict[int, Decimal] = {}
        for row in answer.json() if answer.status_code == 200 else []:
            if row["VoucherType"] != "VatReturns" and row["VoucherNo"]:
                moved[row["AccountNo"]] = moved.get(row["AccountNo"], Decimal()) + Decimal(str(row["Amount"]))
        told = {one["account_no"]: Decimal(one["movement"]) for one in term["accounts"]}
        assert told == {number: amount for number, amount in moved.items() if amount}


def test_truth_of_open_items_is_what_the_ledgers_list(simulator: Simulator, api: httpx2.Client, org: str) -> None:
    for on in ("2026-01-31", NOW.date().isoformat()):
        truth = simulator.truth_open_items(org, on)
        for kind in ("Customer", "Supplier"):
            rows = api.get(f"/{kind}ledger/OpenItems", params={"date": on}).json()
            told = {(row[f"{kind}AccountNo"], row["Id"]): Decimal(str(row["Balance"])) for row in rows}
            assert told == {(one["number"], one["id"]): Decimal(one["balance"]) for one in truth[kind.lower()]}


def test_clock_moves_on_and_the_books_live(own: Simulator) -> None:
    org = own.company()["organisation_number"]
    before = own.truth_counts(org)["AccountTransactions"]
    now = own.advance(days=10, seconds=30)
    assert timedelta() <= now - (NOW + timedelta(days=10, seconds=30)) < timedelta(minutes=2)
    assert own.truth_counts(org)["AccountTransactions"] > before
    assert own.planted(org)


def test_what_is_new_or_changed_is_never_stamped_before_the_clock_was_moved(own: Simulator) -> None:
    """The clock runs on by itself between two moves; whoever asked in that time must be told of all that came later."""
    asked = own.now()
    own.advance(days=20)
    with own.api() as api:
        stamp = asked.isoformat().replace("+00:00", "Z")
        new = api.get("/AccountTransactions", params={**FAR, "createdDateTimeOffsetGreaterThan": stamp}).json()
    with running_simulator(throttle=False, thread=True) as fresh, fresh.api() as api:
        before = {row["Id"] for row in api.get("/AccountTransactions", params=FAR).json()}
    assert new
    assert not before & {row["Id"] for row in new}
    with own.api() as api:
        now = {row["Id"] for row in api.get("/AccountTransactions", params=FAR).json()}
    assert now - before == {row["Id"] for row in new}


def test_same_seed_and_time_give_the_same_books_in_however_many_steps() -> None:
    told = []
    for steps in (1, 4):
        with running_simulator(seed=7, throttle=False, thread=True) as simulator:
            for _ in range(steps):
                simulator.advance(days=28 / steps)
            org = simulator.company()["organisation_number"]
            told.append((simulator.truth_counts(org), simulator.truth_trial_balance(org, "2026-04-10")))
    assert told[0] == told[1]


def vouchers(simulator: Simulator) -> dict[int, list[dict[str, Any]]]:
    """Rows by voucher number."""
    found: dict[int, list[dict[str, Any]]] = {}
    with simulator.api() as api:
        for row in api.get("/AccountTransactions", params={**FAR, "OrderBy": "Id"}).json():
            found.setdefault(row["VoucherNo"], []).append(row)
    return found


@pytest.mark.parametrize("in_place", ["replaced", "same id", "texts only"])
def test_correction_in_place_has_three_ways(own: Simulator, in_place: str) -> None:
    org = own.company()["organisation_number"]
    own.options(in_place=in_place)
    before = vouchers(own)
    (told,) = own.change(org, "correct_in_place")
    after = vouchers(own)
    ((number, rows),) = [(number, rows) for number, rows in after.items() if rows != before[number]]
    old = before[number]
    has_ids = [row["Id"] for row in rows] == [row["Id"] for row in old]
    has_accounts = [row["AccountNo"] for row in rows] == [row["AccountNo"] for row in old]
    assert has_ids == (in_place != "replaced")
    assert has_accounts == (in_place == "texts only")
    assert sum(Decimal(str(row["Amount"])) for row in rows) == 0
    assert max(row["LastChangedDateTimeOffset"] for row in rows) == told["at"]


def test_each_kind_of_change_can_be_asked_for(own: Simulator) -> None:
    """Where there is nothing to do some of them to, there is some weeks later."""
    org = own.company()["organisation_number"]
    kinds = own.kinds_of_change()
    left = set(kinds) - {"drop_draft", "credit", "delete_spares"}  # an order, a credit note; spares go days later
    for _ in range(6):
        own.advance(days=15)
        left -= {kind for kind in sorted(left) if own.change(org, kind)}
    assert len(kinds) > 30
    assert left <= {"gain_role"}, "that one comes to an end"
    assert own.change(org, "edit_text", times=3)[2]["kind"] == "text edited"


def test_changes_that_were_asked_for_are_the_same_after_a_restart(tmp_path: Path) -> None:
    with running_simulator(state=tmp_path, throttle=False, thread=True) as simulator:
        org = simulator.company()["organisation_number"]
        simulator.options(in_place="same id")
        simulator.change(org, "correct_in_place")
        simulator.change(org, "reverse")
        simulator.advance(days=3)
        simulator.change(org, "correct_by_voucher")
        before, planted = vouchers(simulator), simulator.planted(org)
    with running_simulator(state=tmp_path, throttle=False, thread=True) as simulator:
        assert vouchers(simulator) == before
        assert simulator.planted(org)[: len(planted)] == planted


def test_requests_are_counted_by_path_and_company_and_forgotten(own: Simulator) -> None:
    org = own.company()["organisation_number"]
    with own.api() as api:
        own.reset_requests()
        for _ in range(3):
            api.get("/Customers")
    told = own.requests()
    assert told == {"seen": 3, "throttled": 0, "by_path": {"Customers": 3}, "by_company": {org: 3}}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/clock", {"advance_hours": 1}),
        ("POST", "/clock", {"advance_days": -1}),
        ("POST", "/clock", {"advance_days": "soon"}),
        ("POST", "/clock", [1]),
        ("POST", "/revoke", {"org": "1"}),
        ("GET", "/truth/counts?org=1", None),
        ("GET", "/truth/trial-balance?org=1&date=x", None),
        ("POST", "/options", {"unheard": 1}),
        ("POST", "/options", {"in_place": "somehow"}),
        ("POST", "/changes", {"org": "1", "kind": "edit_text"}),
        ("POST", "/options", {"order": "backwards"}),
        ("POST", "/options", {"rotate_keys": "yes"}),
    ],
)
def test_what_is_not_understood_is_400_and_changes_nothing(
    simulator: Simulator, method: str, path: str, body: Any
) -> None:
    before = control(simulator, "GET", "/options").json()
    refused = control(simulator, method, path, body)
    assert refused.status_code == 400
    assert refused.json()["error"]
    assert control(simulator, "GET", "/options").json() == before
