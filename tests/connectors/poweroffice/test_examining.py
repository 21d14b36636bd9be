"""What the doctor finds out about this installation's keys, at the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.connectors.poweroffice.fake import settings
from tests.simulators import Simulator, running_simulator
from tieout.connectors.base import Company
from tieout.connectors.first_contact import Finding, State
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.poweroffice.applying import APPLICATION
from tieout.connectors.poweroffice.examining import clock
from tieout.connectors.rate_limit import NoLimit

CALLBACK = "https://books.example.com/oauth/poweroffice/callback"
PRIMARY, SECONDARY = "simulator-subscription-key", "simulator-secondary-subscription-key"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(throttle=False, thread=True, now=datetime.now(UTC)) as running:
        yield running


def found(simulator: Simulator, folder: Path, **given: str) -> dict[str, Finding]:
    connector = PowerOffice(settings(folder, simulator.url, **given), limit=NoLimit())
    connector.tokens._confirm_seconds = 0  # what a person waits for between two refusals
    return {finding.subject: finding for finding in connector.examine(CALLBACK)}


def test_keys_address_and_clock_are_found_well(simulator: Simulator, tmp_path: Path) -> None:
    simulator.options(white_list=[CALLBACK])
    told = found(simulator, tmp_path)
    assert told["Subscription key"].state is State.WELL
    assert CALLBACK in told["Application key and callback address"].found_in_full
    assert told["Clock"].state is State.WELL


def test_an_address_that_is_not_white_listed_is_told_from_a_wrong_key(simulator: Simulator, tmp_path: Path) -> None:
    simulator.options(white_list=[])
    assert "is not white-listed" in found(simulator, tmp_path)["Callback address"].found_in_full
    wrong = found(simulator, tmp_path, TIEOUT_POWEROFFICE_APPLICATION_KEY="00000000-0000-4000-8000-000000000000")
    assert "or both" in wrong["Application key and callback address"].found_in_full


def test_which_subscription_key_is_in_use_is_told(simulator: Simulator, tmp_path: Path) -> None:
    both = {"TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY": f"{PRIMARY}, {SECONDARY}"}
    assert "primary one is in use" in found(simulator, tmp_path, **both)["Subscription key"].found_in_full
    simulator.options(subscription_keys=[SECONDARY])
    rotated = found(simulator, tmp_path, **both)["Subscription key"]
    assert (rotated.state, "secondary key is in use" in rotated.found_in_full) == (State.NOTICE, True)
    refused = found(simulator, tmp_path)["Subscription key"]
    assert (refused.state, PRIMARY in str(refused.as_json())) == (State.WRONG, False)
    simulator.options(subscription_keys=[PRIMARY, SECONDARY])


def test_keys_that_are_not_set_are_named(tmp_path: Path) -> None:
    connector = PowerOffice(settings(tmp_path, "https://vendor.example.com/Demo"), limit=NoLimit())
    told = {finding.subject: finding for finding in connector.examine(CALLBACK)}
    assert told["Keys"].state is State.WRONG
    assert (
        told["Keys"].found_in_full
    ) == "TIEOUT_POWEROFFICE_APPLICATION_KEY and TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY are not set."


def test_a_clock_that_is_off_by_minutes_is_to_be_set() -> None:
    now = datetime(2026, 3, 16, 12, tzinfo=UTC)
    assert clock(now, now + timedelta(seconds=30)).state is State.WELL
    assert clock(now, now - timedelta(minutes=5)).state is State.WRONG


def test_only_privileges_to_write_are_named(tmp_path: Path) -> None:
    company = Company(name="Fixture AS", organisation_number="910000004", valid_privileges=("Customer_Full", "Product"))
    connector = PowerOffice(settings(tmp_path, "http://127.0.0.1:1"), limit=NoLimit())
    assert connector.privileges_to_write(company) == ("Customer_Full",)


def test_nothing_that_is_applied_for_may_write() -> None:
    assert not [name for name in APPLICATION.privileges if name.endswith("_Full")]
    for letter in APPLICATION.letters:
        assert {"{trial}", "{production}", "{privileges}"} <= set(letter.body.replace("\n", " ").split())
