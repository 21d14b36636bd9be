"""The probe against the simulator: whatever its switches say, the probe finds them out from its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.poweroffice.fake import http, settings
from tests.simulators import Simulator, running_simulator
from tieout.connectors.base import Secret
from tieout.connectors.first_contact import Probed
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.poweroffice.auth import Keys, Tokens
from tieout.connectors.poweroffice.probing import books, shape
from tieout.connectors.poweroffice.probing.asking import MOST, Asking, NotToldError
from tieout.connectors.rate_limit import NoLimit

CALLBACK = "http://127.0.0.1:8000/oauth/poweroffice/callback"
USUAL: dict[str, Any] = {
    "pagination_keys": "camel",
    "past_the_end": "204",
    "page_size_beyond": "400",
    "order": "natural",
    "unknown_fields": "400",
    "fields_have_id": False,
    "temporary_url_minutes": 20,
    "bare_refusals": False,
    "reversal_stamps": False,
    "opening_in_transactions": True,
    "result_restarts": True,
    "incoming_sign": "ledger",
    "credit_note_sign": "negative",
    "nulls": "sent",
    "archived": "included",
    "null_changes": "left out",
    "most_rows_in_span": 0,
    "naive_times": "utc",
    "stamp_precision": "exact",
    "no_lines": "204",
    "body_keys": "any case",
    "gzip": True,
    "unknown_parameters": "400",
}
OTHER: dict[str, Any] = {
    "pagination_keys": "pascal",
    "past_the_end": "empty",
    "page_size_beyond": "clamp",
    "order": "shuffled",
    "unknown_fields": "ignored",
    "fields_have_id": True,
    "temporary_url_minutes": 7.5,
    "bare_refusals": True,
    "reversal_stamps": True,
    "opening_in_transactions": False,
    "result_restarts": False,
    "incoming_sign": "positive",
    "credit_note_sign": "positive",
    "nulls": "omitted",
    "archived": "left out",
    "null_changes": "returned",
    "naive_times": "oslo",
    "stamp_precision": "milliseconds",
    "no_lines": "404",
    "body_keys": "exact",
    "gzip": False,
    "unknown_parameters": "ignored",
}
# Only with these does a company hold back a list that we read, so that a refusal can be looked at.
HELD_BACK = {"privileges": [
    "AccountTransaction", "TrialBalance", "GeneralLedgerAccount", "CommonServices", "Customer", "Product",
    "OutgoingInvoice", "IncomingInvoice", "CustomerLedger", "SupplierLedger",
]}  # fmt: skip


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(throttle=False, seed=2, size="demo", thread=True) as running:
        running.change(running.company()["organisation_number"], "replace_customer", times=3)
        yield running


def probed(simulator: Simulator, folder: Path, **options: bool) -> Probed:
    connector = PowerOffice(settings(folder, simulator.url), limit=NoLimit())
    return connector.probe(Secret(simulator.company()["client_key"]), callback=CALLBACK, **options)


def found(told: Probed) -> dict[str, Any]:
    return {answer.name: answer.found for answer in told.answers}


@pytest.mark.parametrize("switches", [USUAL, OTHER], ids=["as assumed", "the other way"])
def test_the_simulator_gets_its_own_switches_back(
    simulator: Simulator, tmp_path: Path, switches: dict[str, Any]
) -> None:
    simulator.options(**switches, **HELD_BACK)
    told = probed(simulator, tmp_path)
    assert {name: value for name, value in found(told).items() if name in switches} == switches
    assert told.requests <= MOST


def test_the_report_tells_what_was_found_and_names_nobody_and_no_amount(simulator: Simulator, tmp_path: Path) -> None:
    simulator.options(**USUAL | {"pagination_keys": "none", "stamp_precision": "seconds"})
    told = probed(simulator, tmp_path)
    assert (found(told)["pagination_keys"], found(told)["stamp_precision"]) == ("none", "seconds")
    not_asked = {answer.name: answer.why for answer in told.answers if answer.found is None}
    assert not_asked["rotate_keys"] == "only an approval shows it"
    assert "--provoke-limit" in not_asked["retry_after"]
    company, report = simulator.company(), told.as_markdown() + json.dumps(told.as_json())
    secrets = [company["name"], company["organisation_number"], company["client_key"], *simulator.keys.values()]
    assert not [text for text in secrets if text in report]
    assert not re.search(r"\d+[.,]\d\d\b", report), "looks like an amount"


@contextmanager
def asking_of(simulator: Simulator) -> Iterator[Asking]:
    """One question alone, asked without our limiter."""
    known, key = simulator.keys, Secret(simulator.company()["client_key"])
    keys = Keys(application=Secret(known["application_key"]), subscription=Secret(known["subscription_key"]))
    with http() as connections:
        tokens = Tokens(connections, simulator.url, keys)
        yield Asking(connections, tokens, keys, simulator.url, key, CALLBACK)


def test_a_span_of_dates_that_holds_too_many_rows_is_told(simulator: Simulator) -> None:
    simulator.options(most_rows_in_span=100)
    with asking_of(simulator) as asking:
        assert books.most_rows_in_span(asking) == "limited"
    simulator.options(most_rows_in_span=0)


@pytest.mark.parametrize("tells", [True, False])
def test_going_over_the_limit_once_shows_whether_a_429_says_when_to_come_back(tells: bool) -> None:
    with running_simulator(thread=True) as throttling, asking_of(throttling) as asking:
        throttling.options(retry_after=tells)
        assert shape.retry_after(asking) is tells


def test_no_more_is_asked_than_a_probe_may(simulator: Simulator) -> None:
    with asking_of(simulator) as asking:
        asking.count(MOST)
        with pytest.raises(NotToldError, match="used up"):
            shape.nulls(asking)
        assert asking.requests == MOST
