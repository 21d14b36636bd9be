"""The list of data sources: filters, search, sort, pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.portal.conftest import make_source
from tieout.portal.approvals.actions import make_link, make_renewal_link
from tieout.portal.people.models import Person
from tieout.portal.sources.health import Health
from tieout.portal.sources.listing import ROWS_A_PAGE, Listing, listing_of
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

NOW = datetime.now(UTC)


@pytest.fixture
def several(workspace: Workspace) -> Workspace:
    """Five sources: withdrawn, not proved, paused, healthy twice."""
    fine = {"last_complete_at": NOW, "verdict": "proved", "verdict_as_of": NOW}
    make_source(workspace, "Ås AS", "910000001", **fine)
    make_source(workspace, "Ørsta AS", "910000002", **fine, rows_last_day=7)
    make_source(workspace, "Bakke AS", "910000003", **fine | {"verdict": "not_proved"})
    make_source(workspace, "Dal AS", "910000005", **fine, approval_state="withdrawn", withdrawn_since=NOW)
    make_source(workspace, "Elv AS", "910000006", **fine, paused_at=NOW)
    return workspace


def names(listing: Listing) -> list[str]:
    return [row.name for row in listing.page]


def test_worst_comes_first_and_then_the_norwegian_alphabet(several: Workspace) -> None:
    assert names(listing_of(several, {})) == ["Dal AS", "Bakke AS", "Elv AS", "Ørsta AS", "Ås AS"]


def test_filters_count_everything_whatever_is_chosen(several: Workspace) -> None:
    listing = listing_of(several, {"status": "paused"})
    assert names(listing) == ["Elv AS"]
    assert [(one.value, one.count) for one in listing.filters] == [
        ("", 5),
        (Health.ACTION_REQUIRED, 1),
        (Health.NEEDS_ATTENTION, 1),
        (Health.PAUSED, 1),
        (Health.HEALTHY, 2),
    ]


@pytest.mark.parametrize(
    ("search", "found"),
    [("ørs", ["Ørsta AS"]), ("910 000 003", ["Bakke AS"]), ("910\u00a0000\u00a0003", ["Bakke AS"]), ("nowhere", [])],
)
def test_search_finds_names_and_numbers(several: Workspace, search: str, found: list[str]) -> None:
    assert names(listing_of(several, {"q": search})) == found


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("company", "Bakke AS"),
        ("-company", "Ås AS"),
        ("-rows", "Ørsta AS"),
        ("proof", "Bakke AS"),
        ("-status", "Ørsta AS"),
    ],
)
def test_every_column_sorts_both_ways(several: Workspace, sort: str, first: str) -> None:
    assert names(listing_of(several, {"sort": sort}))[0] == first


def test_what_an_address_makes_up_is_ignored(several: Workspace) -> None:
    listing = listing_of(several, {"status": "nonsense", "sort": "password", "page": "x"})
    assert (listing.chosen, listing.sort, len(listing.page)) == ("", "status", 5)


def test_other_workspaces_and_removed_sources_are_not_listed(source: Source, other_workspace: Workspace) -> None:
    make_source(other_workspace, "Theirs AS", "920000008")
    assert names(listing_of(source.workspace, {})) == [source.name]
    source.removed_at = NOW
    source.save()
    assert listing_of(source.workspace, {}).is_empty


def test_hundreds_of_sources_come_in_pages_and_few_queries(
    workspace: Workspace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Source.objects.bulk_create(
        Source(workspace=workspace, connector="toy", name=f"Fixture {n:03}", organisation_number=str(900000000 + n))
        for n in range(120)
    )
    with django_assert_max_num_queries(5):
        listing = listing_of(workspace, {"page": "3", "sort": "company"})
        assert len(names(listing)) == 120 - 2 * ROWS_A_PAGE
    assert names(listing)[0] == "Fixture 100"


def test_calm_is_only_when_all_are_fresh_and_proved(source: Source) -> None:
    assert listing_of(source.workspace, {}).is_calm
    make_source(source.workspace, "Late AS", "920000008", verdict="proved", last_complete_at=NOW - timedelta(hours=3))
    assert not listing_of(source.workspace, {}).is_calm


def test_page_follows_by_itself_only_while_something_goes_on(source: Source) -> None:
    assert not listing_of(source.workspace, {}).is_live
    source.activity = "running"
    source.save()
    assert listing_of(source.workspace, {}).is_live


def test_open_links_and_approvals_being_checked_have_rows_of_their_own(workspace: Workspace, owner: Person) -> None:
    make_link(workspace, connector="toy", by=owner, organisation_number="910000004", recipient_name="Test Accountant")
    make_renewal_link(make_source(workspace, "Known AS", "920000008"), by=owner)
    expired = make_link(workspace, connector="toy", by=owner).link
    expired.expires_at = NOW
    expired.save()
    listing = listing_of(workspace, {"status": "waiting"})
    assert [(row.name, row.organisation_number) for row in listing.page] == [("Company not known yet", "910000004")]
    assert listing_of(workspace, {"q": "accountant"}).page.object_list
    assert listing.waiting_links == 2
    assert listing.is_live
