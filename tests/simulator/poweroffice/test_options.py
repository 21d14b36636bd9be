"""Open questions of contract section 11: one switch each, and what it does. Switches of older tests are not repeated here."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import FAR
from tests.simulator.poweroffice.people import CALLBACK, begin, finalize
from tests.simulators import NOW, SUBSCRIPTION_HEADER, Simulator, running_simulator
from tieout.simulator.poweroffice.options import Options

LEFT_OPEN = {27, 28, 30}  # no choice is named for them


@pytest.fixture(scope="module")
def one() -> Iterator[Simulator]:
    """A company of which these tests read only."""
    with running_simulator(throttle=False, thread=True) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_it_was(one: Simulator) -> Iterator[None]:
    yield
    one.options(**{name: value for name, value in Options().as_json().items() if name != "white_list"})


def ask(simulator: Simulator, path: str, **params: Any) -> list[dict[str, Any]]:
    with simulator.api() as api:
        answer = api.get(path, params=params)
    assert answer.status_code in (200, 204), answer.text
    return list(answer.json()) if answer.status_code == 200 else []


def test_every_question_has_a_switch() -> None:
    source = inspect.getsource(Options)
    numbers = {int(number) for number in re.findall(r"# (?:noqa: S105 - )?(\d+)\b", source)}
    assert numbers == set(range(1, 36)) - LEFT_OPEN


def test_unknown_fields_can_be_ignored(one: Simulator) -> None:
    one.options(unknown_fields="ignored")
    found = ask(one, "/Customers", Fields="Number,Unheard", OrderBy="Unheard, Number desc")
    assert all(set(row) == {"Number"} for row in found)
    assert [row["Number"] for row in found] == sorted((row["Number"] for row in found), reverse=True)


def test_fields_can_always_bring_the_id(one: Simulator) -> None:
    one.options(fields_have_id=True)
    assert set(ask(one, "/Customers", Fields="Number")[0]) == {"Number", "Id"}
    assert set(ask(one, "/TrialBalance", date="2026-02-28", Fields="AccountNo")[0]) == {"AccountNo"}


def test_unknown_parameters_can_be_ignored(one: Simulator) -> None:
    one.options(unknown_parameters="ignored")
    assert ask(one, "/Customers", unheard="1") == ask(one, "/Customers")


def test_trial_balance_can_go_on_over_the_year_end(one: Simulator) -> None:
    def income(**options: bool) -> float:
        one.options(**options)
        rows = ask(one, "/TrialBalance", date=NOW.date().isoformat(), accountNos="3000-3999")
        return float(sum(row["Balance"] for row in rows))

    assert income(result_restarts=False) < income(result_restarts=True) < 0


def test_archived_ones_can_be_left_out(own: Simulator) -> None:
    own.advance(days=12)
    archived = {row["Id"] for row in ask(own, "/Customers") if row["IsArchived"]}
    assert archived
    own.options(archived="left out")
    assert not archived & {row["Id"] for row in ask(own, "/Customers")}


def test_rows_without_a_stamp_can_come_along(one: Simulator) -> None:
    after = {"balanceLastChangedDateTimeOffsetGreaterThan": "2100-01-01T00:00:00Z"}
    assert ask(one, "/OutgoingInvoices", **after) == []
    one.options(null_changes="returned")
    found = ask(one, "/OutgoingInvoices", **after)
    assert found
    assert {row["BalanceLastChangedDateTimeOffset"] for row in found} == {None}


def test_time_without_offset_can_be_norwegian(one: Simulator) -> None:
    naive = {**FAR, "createdDateTimeOffsetGreaterThan": "2026-03-10T09:00:00"}
    one.options(naive_times="oslo")
    norwegian = ask(one, "/AccountTransactions", **naive)
    one.options(naive_times="utc")
    assert norwegian == ask(
        one, "/AccountTransactions", **{**FAR, "createdDateTimeOffsetGreaterThan": "2026-03-10T08:00:00Z"}
    )


@pytest.mark.parametrize(
    ("precision", "earlier"), [("milliseconds", timedelta(microseconds=1)), ("seconds", timedelta(milliseconds=1))]
)
def test_stamps_can_be_compared_more_coarsely(one: Simulator, precision: str, earlier: timedelta) -> None:
    stamps = sorted(row["CreatedDateTimeOffset"] for row in ask(one, "/AccountTransactions", **FAR))
    stamp = next(one for one in reversed(stamps) if datetime.fromisoformat(one).microsecond > 2000)
    before = (datetime.fromisoformat(stamp) - earlier).isoformat().replace("+00:00", "Z")
    exact = ask(one, "/AccountTransactions", **FAR, createdDateTimeOffsetGreaterThan=before)
    one.options(stamp_precision=precision)
    coarse = ask(one, "/AccountTransactions", **FAR, createdDateTimeOffsetGreaterThan=before)
    assert stamp in {row["CreatedDateTimeOffset"] for row in exact}
    assert stamp not in {row["CreatedDateTimeOffset"] for row in coarse}


def test_lost_role_can_leave_the_list(own: Simulator) -> None:
    for _ in range(12):
        own.advance(days=2)
        inactive = {row["Id"] for row in ask(own, "/Suppliers") if not row["IsActive"]}
        if inactive:
            break
    own.options(lost_role="gone")
    assert inactive
    assert not inactive & {row["Id"] for row in ask(own, "/Suppliers")}


def test_late_commits_are_seen_after_newer_ones_and_the_balance_agrees(own: Simulator) -> None:
    own.advance(days=3)
    whole = ask(own, "/AccountTransactions", **FAR)
    own.options(late_commit_seconds=90 * 24 * 3600)
    seen = ask(own, "/AccountTransactions", **FAR)
    missing = {row["VoucherNo"] for row in whole} - {row["VoucherNo"] for row in seen}
    assert missing
    assert max(row["VoucherNo"] for row in seen) > min(missing)
    sums: dict[int, float] = {}
    for row in seen:
        sums[row["AccountNo"]] = sums.get(row["AccountNo"], 0) + row["Amount"]
    balance = ask(own, "/TrialBalance", date="2100-12-31", accountNos="1000-2999")
    assert all(round(row["Balance"] - sums.get(row["AccountNo"], 0), 2) == 0 for row in balance)


def test_lag_holds_back_the_trial_balance_too(own: Simulator) -> None:
    own.options(lag_seconds=20 * 24 * 3600)
    sums: dict[int, float] = {}
    for row in ask(own, "/AccountTransactions", **FAR):
        sums[row["AccountNo"]] = sums.get(row["AccountNo"], 0) + row["Amount"]
    balance = ask(own, "/TrialBalance", date="2100-12-31", accountNos="1000-2999")
    assert all(round(row["Balance"] - sums.get(row["AccountNo"], 0), 2) == 0 for row in balance)


def test_privileges_can_change_in_a_live_token(one: Simulator) -> None:
    with one.api() as api:
        one.options(privileges=["CommonServices"])
        assert api.get("/Customers").status_code == 200
        one.options(privileges_frozen=False)
        assert api.get("/Customers").status_code == 403


def test_invoice_without_lines_can_be_404(own: Simulator) -> None:
    own.advance(days=20)
    imported = next(row for row in ask(own, "/OutgoingInvoices") if row["SentDateTimeOffset"] is None)
    with own.api() as api:
        assert api.get(f"/OutgoingInvoices/{imported['Id']}/Lines").status_code == 204
        own.options(no_lines="404")
        assert api.get(f"/OutgoingInvoices/{imported['Id']}/Lines").status_code == 404


def test_gzip_can_be_off(one: Simulator) -> None:
    with one.api() as api:
        assert api.get("/Customers").headers["content-encoding"] == "gzip"
        one.options(gzip=False)
        assert "content-encoding" not in api.get("/Customers").headers


@pytest.mark.parametrize(("body_keys", "status"), [("any case", 200), ("exact", 400)])
def test_members_of_a_body_may_have_to_be_spelt_exactly(one: Simulator, body_keys: str, status: int) -> None:
    one.options(body_keys=body_keys)
    keys = one.keys
    answer = httpx2.post(
        f"{one.url}/v2/Onboarding/Initiate",
        json={"applicationKey": keys["application_key"], "redirectUri": CALLBACK},
        headers={SUBSCRIPTION_HEADER: keys["subscription_key"]},
        trust_env=False,
    )
    assert answer.status_code == status


def test_finalize_can_list_what_was_switched_on_before() -> None:
    with running_simulator(size="demo", throttle=False, thread=True) as simulator:
        simulator.options(finalize_lists="all")
        company = simulator.companies()[1]["organisation_number"]
        browser = begin(simulator).sign_in(simulator.people()[0]).submit("clients", client=[company]).submit("approve")
        assert browser.came_back is not None
        told = finalize(simulator, browser.came_back["token"]).json()["OnboardedClientsInformation"]
    assert told[0]["ClientOrganizationNumber"] == company
    assert len(told) == 3
