"""Each fault does what its name says, to the requests it is about, and as often as it was told (contract 12.8)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import FAR
from tests.simulators import Simulator, running_simulator


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with running_simulator(throttle=False, thread=True) as simulator:
        yield simulator


@pytest.fixture
def faulty(running: Simulator) -> Iterator[tuple[Simulator, httpx2.Client]]:
    with running.api() as api:
        yield running, api
    running.faults()


def ask(api: httpx2.Client, path: str = "/Customers", /, **params: Any) -> httpx2.Response:
    return api.get(path, params=params)


@pytest.mark.parametrize(("fault", "status"), [("429", 429), ("500", 500), ("502", 502), ("403", 403)])
def test_answer_is_replaced(faulty: Any, fault: str, status: int) -> None:
    simulator, api = faulty
    simulator.faults({"fault": fault})
    assert ask(api).status_code == status
    assert ask(api).status_code == 200


def test_fault_hits_the_path_after_some_requests_and_so_many_times(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "500", "path": "/v2/Customers", "after": 1, "times": 2})
    assert ask(api, "/Suppliers").status_code == 200
    assert [ask(api).status_code for _ in range(4)] == [200, 500, 500, 200]


def test_path_means_whole_words(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "500", "path": "CustomDimensions"})
    assert ask(api, "/CustomDimensionSettings").status_code == 200
    assert ask(api, "/CustomDimensions").status_code == 500


def test_lines_are_met_by_their_short_name_and_their_long_one(faulty: Any) -> None:
    simulator, api = faulty
    number = ask(api, "/OutgoingInvoices").json()[0]["Id"]
    for path in ("OutgoingInvoices/Lines", "/OutgoingInvoices/{id}/Lines"):
        simulator.faults({"fault": "500", "path": path})
        assert ask(api, "/OutgoingInvoices").status_code == 200
        assert ask(api, f"/OutgoingInvoices/{number}/Lines").status_code == 500


def test_fault_hits_one_company_only() -> None:
    with running_simulator(size="demo", throttle=False, thread=True) as simulator:
        first, second, _ = simulator.companies()
        simulator.faults({"fault": "500", "org": second["organisation_number"], "times": 9})
        with simulator.api(first["client_key"]) as api:
            assert ask(api).status_code == 200
        with pytest.raises(httpx2.HTTPStatusError):
            simulator.token(second["client_key"])


def test_token_endpoint_can_fail_too(faulty: Any) -> None:
    simulator, _ = faulty
    simulator.faults({"fault": "500", "path": "OAuth/Token"})
    with pytest.raises(httpx2.HTTPStatusError):
        simulator.token()
    assert simulator.token()


def test_timeout_keeps_silent_for_the_seconds_told(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "timeout", "seconds": 0.4})
    began = time.monotonic()
    assert ask(api).status_code == 504
    assert time.monotonic() - began >= 0.4


def test_truncated_body_is_no_json(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "truncated"})
    answer = ask(api)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()


def test_disconnected_body_ends_before_its_length(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "disconnected"})
    with pytest.raises(httpx2.RemoteProtocolError):
        ask(api)
    assert ask(api).status_code == 200


def test_expired_token_has_to_be_renewed(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "expired_token"})
    assert [ask(api).status_code for _ in range(2)] == [401, 401]
    with simulator.api() as renewed:
        assert ask(renewed).status_code == 200


def test_header_of_pages_can_be_missing(faulty: Any) -> None:
    simulator, api = faulty
    simulator.faults({"fault": "no_pagination_header"})
    assert "x-pagination" not in ask(api).headers
    assert "x-pagination" in ask(api).headers


def test_shift_leaves_a_row_out_and_repeat_gives_one_twice(faulty: Any) -> None:
    simulator, api = faulty
    order = {"OrderBy": "Id", "Fields": "Id", "PageSize": 5}
    ids = [row["Id"] for row in ask(api, OrderBy="Id", Fields="Id").json()]
    for fault, first in (("shift", 6), ("repeat", 4)):
        simulator.faults({"fault": fault})
        assert [row["Id"] for row in ask(api, PageNumber=1, **order).json()] == ids[:5]
        simulator.faults({"fault": fault})
        second = [row["Id"] for row in ask(api, PageNumber=2, **order).json()]
        assert second == ids[first : first + 5]
        simulator.faults()


def test_lag_hides_rows_that_were_just_made(own: Simulator) -> None:
    own.advance(days=2)
    with own.api() as api:
        query: dict[str, Any] = {**FAR, "Fields": "Id"}
        everything = len(ask(api, "/AccountTransactions", **query).json())
        own.faults({"fault": "lag", "path": "AccountTransactions", "seconds": 5 * 86_400})
        late = len(ask(api, "/AccountTransactions", **query).json())
        assert late < everything
        assert len(ask(api, "/AccountTransactions", **query).json()) == everything


def test_unknown_words_and_members_come_and_known_ones_go(faulty: Any) -> None:
    simulator, api = faulty
    for fault in ("unknown_enum", "extra_member", "missing_member"):
        simulator.faults({"fault": fault, "path": "AccountTransactions"})
    row = ask(api, "/AccountTransactions", **FAR, PageSize=1).json()[0]
    assert row["VoucherType"] == "SimulatedNewType"
    assert row["AddedLater"]
    assert "Description" not in row


@pytest.mark.parametrize(
    "wrong", [{"fault": "earthquake"}, {"fault": "500", "paths": "x"}, {"path": "x"}, {"fault": "500", "after": "soon"}]
)
def test_what_is_no_fault_is_refused(running: Simulator, wrong: dict[str, Any]) -> None:
    answer = httpx2.post(f"{running.url}/_simulator/faults", json=[wrong], trust_env=False)
    assert answer.status_code == 400
    assert answer.json()["error"]
