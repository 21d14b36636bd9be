"""Who looks after 5 of 300 companies meets the other 295 nowhere: no page, export, feed or button, by whatever address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.portal.api.conftest import nothing_asked as nothing_asked
from tests.portal.api.conftest import program_of
from tests.portal.conftest import browser_of, make_source
from tieout.portal.alerts.models import Incident, Kind
from tieout.portal.alerts.queries import incidents_of
from tieout.portal.alerts.receivers import receivers_of
from tieout.portal.api.interface import api
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.approvals.queries import links_of
from tieout.portal.feeds.actions import companies_of, make_token
from tieout.portal.people.actions import accept, invite_person
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.actions import limit_to
from tieout.portal.workspaces.models import Membership, Role, Workspace

OWN, ALL = 5, 300
PARTS: dict[str, Any] = {
    "stamp_id": uuid4(),
    "file_id": uuid4(),
    "sync_id": 1,
    "witness_id": 1,
    "number": 1,
    "year": 2026,
}
PARTS |= {"kind": "json", "attachment": "pdf", "report": "receivables"}
AMOUNT = {"account_no": 3000, "month": "2026-01", "amount": "1"}
BODIES: dict[str, dict[str, Any]] = {  # of requests that would be refused unread without one
    "stamps": {"name": "x", "date": "2026-01-31"},
    "saft-files": {"fiscal_year": 2026, "contact": "Test Owner"},
    "budgets": {"sign": "report", "amounts": [AMOUNT]},
    "told": {"chosen": []},
}
FILLED = {"uuid": uuid4(), "int": 1, "str": "x", "slug": "core"}


@pytest.fixture
def companies(workspace: Workspace) -> list[Source]:
    return [make_source(workspace, f"Fixture {number:03d} AS", f"{910_000_000 + number}") for number in range(ALL)]


def limited(workspace: Workspace, person: Person, own: list[Source], owner: Person) -> Client:
    member = Membership.objects.in_workspace(workspace).get(person=person)
    limit_to(member, own, by=owner)
    return browser_of(person)


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every page's; the API, which sessions do not open, is walked by tokens (`requests`)."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield one
        elif one.namespace != "api":
            yield from patterns(one)


def addresses(source_id: UUID) -> Iterator[str]:
    """Every address that takes a data source, its other parts filled with something."""
    for one in patterns():
        converters = getattr(one.pattern, "converters", {})
        if "source_id" not in converters:
            continue
        address = str(one.pattern)
        for name, converter in converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            value = source_id if name == "source_id" else FILLED[kind]
            for spelled in (f"<{kind}:{name}>", f"<{name}>"):
                address = address.replace(spelled, str(value))
        yield "/" + address


def test_no_address_of_a_company_opens_for_who_does_not_look_after_it(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person
) -> None:
    own, others = companies[:OWN], companies[OWN:]
    browser = limited(workspace, administrator, own, owner)
    tried = opened = 0
    control = browser_of(owner, raise_request_exception=False)
    for other, page in zip(cycle(others), list(addresses(own[0].pk)), strict=False):
        address = page.replace(str(own[0].pk), str(other.pk))
        assert browser.get(address).status_code in (404, 405), address
        assert browser.post(address).status_code in (403, 404, 405), address
        tried += 1
        if browser.get(address).status_code == 404 and control.get(address).status_code != 404:
            opened += 1
    assert tried > 30
    assert opened > 10  # that are there for the owner, so that it was the limit that closed them
    assert browser.get(f"/sources/{own[0].pk}/").status_code == 200


def requests(other: Source) -> Iterator[tuple[str, str, Any]]:
    """Every request of the API that names a company: method, path and body."""
    for path, operations in api.get_openapi_schema()["paths"].items():
        if "{source_id}" in path:
            body = BODIES.get(path.rpartition("/")[2], {})
            filled = path.removeprefix("/api/v1/").format(**PARTS, source_id=other.pk)
            yield from (
                (method.upper(), filled, body if method in ("post", "patch") else None) for method in operations
            )


def test_no_request_of_a_company_is_answered_to_who_does_not_look_after_it(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person
) -> None:
    limited(workspace, administrator, companies[:OWN], owner)
    theirs, control = program_of(workspace, administrator), program_of(workspace, owner)
    tried = opened = 0
    for number in range(len(list(requests(companies[0])))):
        method, path, body = list(requests(companies[OWN + number]))[number]
        if path.endswith("/witnesses") and method == "POST":
            continue  # takes a file; its page is asked above
        assert theirs.call(method, path, body).status_code == 404, (method, path)
        tried += 1
        opened += method == "GET" and control.call(method, path).status_code != 404
    assert tried > 40
    assert opened > 10  # that are there for the owner
    assert theirs.call("GET", f"sources/{companies[0].pk}").status_code == 200


def test_lists_of_the_api_tell_the_own_ones_only(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person
) -> None:
    limited(workspace, administrator, companies[:OWN], owner)
    theirs, control = program_of(workspace, administrator), program_of(workspace, owner)
    lists = [
        path.removeprefix("/api/v1/")
        for path, operations in api.get_openapi_schema()["paths"].items()
        if "get" in operations and "{" not in path
    ]
    names, ids = [one.name for one in companies[OWN:]], [str(one.pk) for one in companies[OWN:]]
    telling = 0
    for path in lists:
        answer = theirs.call("GET", path)
        assert answer.status_code in (200, 403), path
        found = answer.content.decode()
        assert not [told for told in (*names, *ids) if told in found], path
        whole = control.call("GET", path).content.decode()
        telling += any(told in whole for told in (*names, *ids))
    assert telling >= 3  # lists that tell the owner of them
    foreign = companies[OWN].pk
    for path in (f"reports/vat?company={foreign}", f"reports/receivables/cards/{foreign}/1"):
        assert theirs.call("GET", path).status_code == 404


def test_none_of_the_others_is_found_through_the_workspace(
    workspace: Workspace, companies: list[Source], reader: Person, owner: Person
) -> None:
    limited(workspace, reader, companies[:OWN], owner)
    member = Membership.objects.in_workspace(workspace).get(person=reader)
    member.workspace.companies = member.scope()
    assert set(Source.objects.in_workspace(member.workspace)) == set(companies[:OWN])
    assert get_source(member.workspace, companies[0].pk) == companies[0]


@pytest.mark.parametrize(
    "address", ["/sources/", "/close/", "/data/", "/data/sql/", "/reports/", "/alerts/", "/feeds/", "/approval-links/"]
)
def test_lists_show_the_own_ones_only(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person, address: str
) -> None:
    browser = limited(workspace, administrator, companies[:OWN], owner)
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert not [one.name for one in companies[OWN:] if one.name in page]


@pytest.mark.parametrize("address", ["/webhooks/", "/requests/", "/sources/new/", "/people/", "/installation/"])
def test_what_concerns_the_whole_workspace_is_closed(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person, address: str
) -> None:
    assert limited(workspace, administrator, companies[:OWN], owner).get(address).status_code == 403


def test_a_feed_token_opens_no_more_than_its_person_sees(
    workspace: Workspace, companies: list[Source], reader: Person, owner: Person
) -> None:
    wide, _ = make_token(workspace, reader, name="All", days=1)
    narrow, _ = make_token(workspace, reader, name="Two", days=1, companies=companies[4:6])
    assert companies_of(wide) is None
    limited(workspace, reader, companies[:OWN], owner)
    assert set(companies_of(wide) or ()) == {str(one.pk) for one in companies[:OWN]}
    assert companies_of(narrow) == [str(companies[4].pk)]


def test_owners_see_all_and_becoming_one_lifts_the_limit(
    workspace: Workspace, companies: list[Source], owner: Person, reader: Person
) -> None:
    mine = Membership.objects.in_workspace(workspace).get(person=owner)
    with pytest.raises(ValueError, match="owner"):
        limit_to(mine, companies[:1], by=owner)


def test_an_owner_chooses_companies_on_the_page(
    workspace: Workspace, companies: list[Source], owner_browser: Client, reader: Person
) -> None:
    member = Membership.objects.in_workspace(workspace).get(person=reader)
    ticked = [str(one.pk) for one in companies[:2]]
    owner_browser.post(f"/people/{member.pk}/companies/", {"sees": "some", "companies": ticked})
    member.refresh_from_db()
    assert set(member.scope() or ()) == {one.pk for one in companies[:2]}
    assert member.role == Role.READER
    owner_browser.post(f"/people/{member.pk}/companies/", {"sees": "all"})
    member.refresh_from_db()
    assert member.scope() is None


def test_links_incidents_and_companies_that_wait_are_those_of_the_own_ones(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person
) -> None:
    now = timezone.now()
    for source in (companies[0], companies[OWN], None):
        ApprovalLink.objects.create(
            workspace=workspace,
            source=source,
            connector="toy",
            token_hash=str(uuid4()),
            made_at=now,
            valid_for=timedelta(days=1),
            expires_at=now + timedelta(days=1),
        )
        Incident.objects.create(
            workspace=workspace, source=source, kind=Kind.NOT_PROVED, key=str(uuid4()), since=now, opened_at=now
        )
    limited(workspace, administrator, companies[:OWN], owner)
    member = Membership.objects.in_workspace(workspace).select_related("workspace").get(person=administrator)
    member.workspace.companies = member.scope()
    assert [link.source for link in links_of(member.workspace)] == [companies[0]]
    assert [incident.source for incident in incidents_of(member)] == [companies[0]]
    foreign = ApprovalLink.objects.get(source=companies[OWN])
    assert browser_of(administrator).get(f"/approval-links/{foreign.pk}/").status_code == 404
    assert foreign in links_of(Membership.objects.in_workspace(workspace).get(person=owner).workspace)


def test_nobody_is_told_of_a_company_that_he_does_not_look_after(
    workspace: Workspace, companies: list[Source], administrator: Person, owner: Person
) -> None:
    limited(workspace, administrator, companies[:OWN], owner)
    now = timezone.now()

    def told_of(source: Source | None) -> set[Person]:
        incident = Incident(workspace=workspace, source=source, kind=Kind.NOT_PROVED, since=now, opened_at=now)
        return set(receivers_of(incident))

    assert told_of(companies[0]) == {owner, administrator}
    assert told_of(companies[OWN]) == {owner}
    assert told_of(None) == {owner}


def test_who_is_invited_for_some_companies_sees_those_from_the_first_page_on(
    workspace: Workspace, companies: list[Source], owner: Person
) -> None:
    fresh = invite_person(workspace, email="new@example.com", role=Role.READER, by=owner, companies=companies[:2])
    person = accept(fresh.token, email="", name="Test Reader", password="a long password of a fixture")
    member = Membership.objects.in_workspace(workspace).get(person=person)
    assert set(member.scope() or ()) == {one.pk for one in companies[:2]}
    with pytest.raises(ValueError, match="owner"):
        invite_person(workspace, email="boss@example.com", role=Role.OWNER, by=owner, companies=companies[:2])
