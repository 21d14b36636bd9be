"""What holds for every address: tokens and nothing else, problems that programs read, limits, answers that stay the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.portal.api.conftest import Program, program_of
from tests.portal.conftest import browser_of, make_source
from tieout.portal.audits.models import Entry
from tieout.portal.feeds import limits
from tieout.portal.feeds.actions import make_token, revoke_token
from tieout.portal.feeds.models import FeedToken, Scope
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import change_role, remove_member
from tieout.portal.workspaces.models import Membership, Role, Workspace


def test_without_a_token_nothing_opens_and_the_answer_says_how(outsider_program: Program) -> None:
    answer = outsider_program.call("GET", "sources")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Tieout"')
    problem = json.loads(answer.content)
    assert problem["type"] == "urn:tieout:problem:no-token"
    assert problem["who_must_act"] == "caller"
    assert outsider_program.get("nowhere", status=401)


def test_a_signed_in_browser_is_nobody_here(owner_browser: Client, source: Source) -> None:
    assert owner_browser.get("/api/v1/sources").status_code == 401
    assert owner_browser.delete(f"/api/v1/sources/{source.pk}").status_code == 401


def test_a_token_in_basic_or_in_the_address_opens_nothing(workspace: Workspace, owner: Person) -> None:
    _, secret = make_token(workspace, owner, name="x", days=1)
    program = Program()
    assert program.call("GET", "sources", authorization=f"Basic {secret}").status_code == 401
    assert program.call("GET", f"sources?token={secret}&access_token={secret}").status_code == 401


def test_a_revoked_token_and_one_of_somebody_who_left_open_nothing(
    workspace: Workspace, owner: Person, reader: Person
) -> None:
    token, secret = make_token(workspace, owner, name="x", days=1)
    assert Program(secret).get("sources")["items"] == []
    revoke_token(token, owner)
    Program(secret).get("sources", status=401)
    left = program_of(workspace, reader)
    remove_member(Membership.objects.get(person=reader), by=owner)
    left.get("sources", status=401)


def test_a_token_that_may_read_changes_nothing_whatever_its_person_may(
    workspace: Workspace, owner: Person, source: Source
) -> None:
    program = program_of(workspace, owner, Scope.READ)
    assert program.get(f"sources/{source.pk}")["name"] == source.name
    problem = program.patch(f"sources/{source.pk}", {"is_paused": True}, status=403)
    assert problem["type"].endswith("read-only-token")
    source.refresh_from_db()
    assert not source.is_paused


def test_a_token_may_no_more_than_its_persons_role_now(
    workspace: Workspace, owner: Person, administrator: Person, source: Source
) -> None:
    program = program_of(workspace, administrator)
    program.patch(f"sources/{source.pk}", {"is_paused": True})
    change_role(Membership.objects.get(person=administrator), Role.READER, by=owner)
    problem = program.patch(f"sources/{source.pk}", {"is_paused": False}, status=403)
    assert problem["who_must_act"] == "owner"


def test_another_workspaces_sources_are_not_there(owner_program: Program, other_workspace: Workspace) -> None:
    foreign = make_source(other_workspace)
    assert owner_program.get(f"sources/{foreign.pk}", status=404)["title"] == "Not Found"
    assert owner_program.get("sources")["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nowhere", None, 404),
        ("GET", "sources/not-an-id", None, 404),
        ("PUT", "sources", {}, 405),
        ("GET", "sources?limit=0", None, 422),
        ("GET", "sources?cursor=made-up", None, 422),
        ("POST", "sources", "{", 422),
    ],
)
def test_whatever_is_wrong_comes_as_a_problem(
    owner_program: Program, method: str, path: str, body: Any, status: int
) -> None:
    answer = owner_program.call(method, path, body)
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["detail"]
    if status == 405:
        assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_body_that_is_no_json_is_a_problem(owner_program: Program) -> None:
    for raw in (b"{", b'{"connector": "\\ud800", "client_key": "x"}'):
        answer = owner_program.client.post("/api/v1/sources", raw, content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_fault_of_ours_is_told_without_what_it_was(
    owner_program: Program, source: Source, settings: Any, caplog: Any
) -> None:
    settings.CONNECTORS = None  # breaks what asks for a connector
    answer = owner_program.call("POST", "sources", {"connector": "toy", "client_key": "x"})
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["who_must_act"]) == (500, "tieout")
    assert "NoneType" not in answer.content.decode()


def test_the_limit_is_told_with_each_answer_and_kept(workspace: Workspace, owner: Person) -> None:
    token, secret = make_token(workspace, owner, name="x", days=1)
    program = Program(secret)
    answer = program.call("GET", "sources")
    assert answer["RateLimit-Policy"] == '"token";q=600;w=60'
    assert answer["RateLimit"].startswith('"token";r=599;t=')
    for _ in range(limits.REQUESTS):
        limits.seconds_to_wait(token.pk)
    refused = program.call("GET", "sources")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert refused["RateLimit"].startswith('"token";r=0;')
    assert json.loads(refused.content)["who_must_act"] == "nobody"


def test_an_answer_that_is_known_already_is_not_sent_again(owner_program: Program, source: Source) -> None:
    first = owner_program.call("GET", f"sources/{source.pk}")
    again = owner_program.call("GET", f"sources/{source.pk}", if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    source.name = "Renamed"
    source.save()
    assert owner_program.call("GET", f"sources/{source.pk}", if_none_match=first["ETag"]).status_code == 200


def test_what_a_token_does_is_in_the_audit_log(workspace: Workspace, administrator: Person, source: Source) -> None:
    program_of(workspace, administrator).patch(f"sources/{source.pk}", {"is_paused": True})
    kinds = {entry.kind: entry for entry in Entry.objects.in_workspace(workspace)}
    assert kinds["source_paused"].person == administrator
    assert kinds["api_called"].facts == {"token": "Fixture program", "what": f"PATCH /api/v1/sources/{source.pk}"}


def test_a_session_beside_a_token_changes_nobody(
    workspace: Workspace, owner: Person, reader: Person, source: Source
) -> None:
    _, secret = make_token(workspace, reader, name="x", days=1, scope=Scope.MANAGE)
    browser = browser_of(owner, headers={"authorization": f"Bearer {secret}"})
    answer = browser.patch(f"/api/v1/sources/{source.pk}", {"is_paused": True}, content_type="application/json")
    assert answer.status_code == 403
    assert FeedToken.objects.get().person == reader
