"""Somebody with an account, an own workspace and true ids of ours: no address shows or changes anything.

Members limited to some companies are walked in tests/portal/test_companies_of_a_member.py.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.attacks.addresses import every, everything_stored
from tests.portal.approvals.books import Client as Company
from tests.portal.approvals.books import System
from tests.portal.approvals.conftest import connected
from tests.portal.conftest import HOST, PASSWORD, browser_of
from tests.portal.saft.factories import make_file
from tests.portal.syncs.factories import make_sync
from tests.portal.witnesses.factories import make_witness
from tieout.portal.approvals.models import ApprovalLink, OnboardingSession
from tieout.portal.certificates.models import Certificate, Link
from tieout.portal.explorer.models import SavedQuery
from tieout.portal.feeds.actions import make_token
from tieout.portal.feeds.models import Scope
from tieout.portal.groups.actions import make_group
from tieout.portal.people.actions import invite_person
from tieout.portal.people.models import Invitation, Person
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.webhooks.models import Endpoint
from tieout.portal.workspaces.actions import give_role
from tieout.portal.workspaces.models import Membership, Role, Workspace
from tieout.warehouse.layouts import Layout, keep_layout

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.fixture
def stranger(other_workspace: Workspace) -> Client:
    """An owner, elsewhere."""
    person = Person.objects.create_person("stranger@example.com", PASSWORD, name="Test Stranger")
    give_role(other_workspace, person, Role.OWNER)
    return browser_of(person, raise_request_exception=False)


@pytest.fixture
def ids(workspace: Workspace, owner: Person, administrator: Person, system: System, nordlys: Company) -> dict[str, Any]:
    """One of everything that has an id in an address, by the part's name."""
    source = connected(workspace, system, nordlys, administrator)
    link = ApprovalLink.objects.create(
        workspace=workspace,
        connector="books",
        token_hash="0" * 64,
        made_at=timezone.now(),
        valid_for=timedelta(days=1),
        expires_at=timezone.now() + timedelta(days=1),
    )
    invite_person(workspace, email="fixture@example.com", role=Role.READER, by=owner)
    endpoint = Endpoint.objects.create(
        workspace=workspace, name="Fixture", url="", host="x", made_at=NOW, listens_from=NOW, told_until=NOW
    )
    stamp = Stamp.objects.create(
        source=source,
        name="x",
        on=date(2026, 1, 31),
        year_start=date(2026, 1, 1),
        made_at=NOW,
        sync=1,
        as_of=NOW,
        figures={},
    )
    chained = Link.objects.create(workspace=workspace, number=1, sha256="0" * 64, issued_at=NOW)
    Certificate.objects.create(
        link=chained, source=source, verdict="proved", tied_out_at=NOW, document="{}", sql="", pdf=b""
    )
    file = make_file(source, NOW)
    query = SavedQuery.objects.create(
        workspace=workspace, saved_by=owner, saved_at=NOW, name="Fixture query", sql="select 1", is_shared=True
    )
    return {
        "source_id": source.pk,
        "sync_id": make_sync(source).pk,
        "link_id": link.pk,
        "session_id": OnboardingSession.objects.latest("started_at").pk,
        "membership_id": Membership.objects.get(person=administrator).pk,
        "invitation_id": Invitation.objects.get(email="fixture@example.com").pk,
        "endpoint_id": endpoint.pk,
        "token_id": make_token(workspace, owner, name="Fixture", days=1)[0].pk,
        "group_id": make_group(workspace, "Fixture group", by=owner).pk,
        "stamp_id": stamp.pk,
        "witness_id": make_witness(source).pk,
        "company": source.pk,
        "slug": workspace.slug,
        "answer_id": uuid4(),
        "layout_id": _layout(workspace),
        "file_id": file.pk,
        "query_id": query.pk,
        "pk": 1,
    }


def _layout(workspace: Workspace) -> str:
    """Report lines of the workspace's own."""
    made = Layout(id=str(uuid4()), name="Fixture lines", changed_at=NOW)
    with warehouses.opened(workspace) as warehouse:
        keep_layout(warehouse, made)
    return made.id


def is_closed(answer: Any) -> bool:
    """Refused, or asked for the password once more (which leads to the own things only)."""
    return answer.status_code in (401, 403, 404, 405) or answer.headers.get("Location", "").startswith(
        "/accounts/again/"
    )


def test_true_ids_open_nothing_to_a_stranger(ids: dict[str, Any], stranger: Client, owner: Person) -> None:
    others = {"connector": "books", "number": 1, "kind": "json"}
    walked = [one for one in every() if set(one.parts) & set(ids)]
    before = everything_stored()
    for one in walked:
        for answer in (
            stranger.get(one.filled(ids | others)),
            stranger.post(one.filled(ids | others), {"role": "owner"}),
        ):
            assert is_closed(answer), (one.pattern, answer.status_code)
            assert b"Fixture Nordlys" not in answer.content, one.pattern
    assert everything_stored() == before
    assert len(walked) > 50
    control = browser_of(owner, raise_request_exception=False)
    there = [one for one in walked if control.get(one.filled(ids | others)).status_code not in (401, 404)]
    assert len(there) > 45, "else the ids were no true ones, and the walk proves nothing"


def test_true_ids_open_nothing_to_a_strangers_token(
    ids: dict[str, Any], other_workspace: Workspace, workspace: Workspace, owner: Person, stranger: Client
) -> None:
    """The same for programs: a token that may change everything, of another workspace."""
    thief = Person.objects.get(email="stranger@example.com")
    _, secret = make_token(other_workspace, thief, name="Fixture", days=1, scope=Scope.MANAGE)
    _, own = make_token(workspace, owner, name="Control", days=1)
    named = ids | {"webhook_id": ids["endpoint_id"], "person_id": ids["membership_id"], "number": 1, "table": "x"}
    named |= {"incident_id": uuid4(), "kind": "json", "saved_query_id": ids["query_id"], "year": 2026}
    walked = {one.filled(named) for one in every() if one.pattern.startswith("api/") and set(one.parts) & set(named)}
    program = {"headers": {"host": HOST, "authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    before = everything_stored(but=("django_session", "audits_", "feeds_", "api_"))
    for address in walked:
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(Client(raise_request_exception=False), method)(address, **program)
            assert answer.status_code in (400, 403, 404, 405, 422), (method, address, answer.status_code)
            assert b"Fixture Nordlys" not in answer.content
    assert everything_stored(but=("django_session", "audits_", "feeds_", "api_")) == before
    control = Client(headers={"host": HOST, "authorization": f"Bearer {own}"}, raise_request_exception=False)
    assert sum(control.get(address).status_code == 200 for address in walked) > 10


def test_every_part_of_an_address_that_names_a_thing_is_walked(ids: dict[str, Any]) -> None:
    """A new kind of id must be added above. What programs ask takes a token, and has a walk of its own."""
    names = {part for one in every() for part in one.parts if not one.pattern.startswith("api/")}
    no_things = {"connector", "kind", "schema", "name", "number", "year", "token", "uidb36", "key"}
    assert names - no_things <= set(ids)


def test_nobody_signed_in_sees_only_what_is_for_outsiders(ids: dict[str, Any]) -> None:
    anybody = browser_of(raise_request_exception=False)
    open_to_all = ("accounts/", "approve/", "oauth/", "welcome/", "preferences/", "api/v1/openapi.json")
    for one in every():
        if not one.pattern.startswith(open_to_all) and one.pattern:
            answer = anybody.get(one.filled(ids))
            is_sent_away = answer.headers.get("Location", "").startswith("/accounts/login/")
            assert is_sent_away or is_closed(answer), (one.pattern, answer.status_code)
