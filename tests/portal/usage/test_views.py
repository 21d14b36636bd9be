"""*Requests*: what was used of a shared limit, by whom, for administrators."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.portal.conftest import StubConnector, make_source
from tieout.connectors.base import SOMEBODY, Claim, Priority, Used
from tieout.connectors.rate_limit import RateLimiter
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace


def spend(limiter: RateLimiter, claim: Claim) -> None:
    turn = limiter.take(claim)
    turn.sent()
    turn.over(is_well=True)


class Limited(StubConnector):
    """A connector whose companies share a limit."""

    requests_per_second = 1000.0

    def __init__(self, path: Path) -> None:
        self.limiter = RateLimiter(path, "a-key", per_second=self.requests_per_second)

    def use(self, claim: Claim, times: int = 1) -> None:
        for _ in range(times):
            spend(self.limiter, claim)

    def used(self, since: datetime) -> list[Used]:
        return self.limiter.used(since)


@pytest.fixture
def limited(tmp_path: Path, settings: Settings) -> Limited:
    connector = Limited(tmp_path / "limits.db")
    settings.CONNECTORS = {"toy": connector}
    return connector


def page_of(browser: Client) -> str:
    response = browser.get(reverse("usage:requests"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def figures(page: str, name: str) -> list[int]:
    """The figures of a row of the table by data source."""
    found = re.search(rf"<tr><th scope=\"row\">(?:<a [^>]*>)?{name}(?:</a>)?</th>(.*?)</tr>", page)
    assert found, f"no row of {name}"
    return [int(number) for number in re.findall(r">(\d+)</td>", found[1])]


def test_requests_are_shown_by_source_and_by_what_they_were_for(
    administrator_browser: Client, source: Source, limited: Limited
) -> None:
    who = str(source.pk)
    for times, priority in enumerate((Priority.PERSON, Priority.FRESH, Priority.HEAVY, Priority.FILL), start=1):
        limited.use(Claim(who, priority), times)
    limited.limiter.push_back(0.001, Claim(who, Priority.FILL))
    page = page_of(administrator_browser)
    assert figures(page, source.name) == [10, 10, 1, 2, 3, 4, 1]
    assert reverse("syncs:history", args=[source.pk]) in page


def test_requests_that_belong_to_no_source_are_those_of_approvals(
    administrator_browser: Client, limited: Limited
) -> None:
    limited.use(SOMEBODY, 3)
    assert figures(page_of(administrator_browser), "Approvals and checks of keys")[:2] == [3, 3]


def test_other_workspaces_companies_are_counted_and_not_named(
    administrator_browser: Client, workspace: Workspace, other_workspace: Workspace, limited: Limited
) -> None:
    other = make_source(other_workspace, "Somebody Else", "910000012")
    limited.use(Claim(str(other.pk)), 5)
    page = page_of(administrator_browser)
    assert figures(page, "Elsewhere in this installation")[:2] == [5, 5]
    assert "Somebody Else" not in page
    assert str(other.pk) not in page


def test_shares_are_of_the_whole_limit(administrator_browser: Client, limited: Limited, settings: Settings) -> None:
    limited.requests_per_second = 0.01  # 36 an hour
    limited.use(SOMEBODY, 9)
    page = page_of(administrator_browser)
    assert "25.0 % of the limit" in page
    assert "1.0 % of the limit" in page
    assert '<progress class="bar" max="100" value="25.0"' in page


def test_before_any_request_it_says_so(administrator_browser: Client, limited: Limited) -> None:
    assert "No requests in the last 24 hours" in page_of(administrator_browser)


def test_a_system_without_a_limit_has_none_to_show(administrator_browser: Client) -> None:
    assert "has a limit that companies share" in page_of(administrator_browser)


def test_readers_see_neither_the_page_nor_its_link(reader_browser: Client, limited: Limited) -> None:
    address = reverse("usage:requests")
    assert reader_browser.get(address).status_code == 403
    assert address not in reader_browser.get(reverse("sources:list")).content.decode()


def test_owners_and_administrators_find_it_in_the_menu(owner_browser: Client, limited: Limited) -> None:
    assert reverse("usage:requests") in owner_browser.get(reverse("sources:list")).content.decode()


def test_in_norwegian_figures_have_a_comma(
    administrator: Person, administrator_browser: Client, limited: Limited
) -> None:
    administrator.language = "nb"
    administrator.save()
    limited.requests_per_second = 0.01
    limited.use(SOMEBODY, 9)
    page = page_of(administrator_browser)
    assert "25,0" in page
    assert 'value="25.0"' in page
