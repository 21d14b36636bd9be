"""What goes with each request, and how it is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.connectors.fake_server import FakeServer, Reply, fake_server
from tests.connectors.poweroffice.fake import CLIENT_KEY, FakePowerOffice, always, settings
from tieout.connectors.base import Claim, Priority, SharesLimit
from tieout.connectors.poweroffice import PowerOffice

HOURLY = Claim("a source", Priority.FRESH)


def read_company(server: FakeServer, home: Path, **given: str) -> PowerOffice:
    connector = PowerOffice(settings(home, server.url, **given))
    connector.open(CLIENT_KEY, claim=HOURLY).company()
    return connector


def books() -> FakePowerOffice:
    number = Reply.of({"OrganizationNumber": "910000004", "Name": "Fixture AS"})
    return FakePowerOffice({"/ClientIntegrationInformation": always(number), "/OrganizationSettings": always(number)})


@pytest.mark.parametrize(
    ("given", "contact"),
    [
        ({"TIEOUT_EMAIL_FROM": "Fixture <portal@example.com>"}, "portal@example.com"),
        ({"TIEOUT_EMAIL_FROM": "Fixture <portal@example.com>", "TIEOUT_CONTACT": "ops@example.com"}, "ops@example.com"),
    ],
)
def test_each_request_says_whom_to_write_to(tmp_path: Path, given: dict[str, str], contact: str) -> None:
    with fake_server(books()) as server:
        read_company(server, tmp_path, **given)
    agents = {asked.headers["User-Agent"] for asked in server.asked}
    assert len(agents) == 1
    assert f"({contact})" in agents.pop()


def test_tokens_count_among_the_requests_of_whoever_needed_them(tmp_path: Path) -> None:
    with fake_server(books()) as server:
        connector = read_company(server, tmp_path)
    assert isinstance(connector, SharesLimit)
    used = connector.used(datetime.now(UTC) - timedelta(hours=1))
    assert {one.claim for one in used} == {HOURLY}
    assert sum(one.requests for one in used) == len(server.asked) == 3
