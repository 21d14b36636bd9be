"""A POST with an Idempotency-Key: done once, told again to who may still know, and never told done where nobody knows."""

from __future__ import annotations

import pytest

from tests.portal.api.conftest import Program
from tieout.portal.api.models import Answer
from tieout.portal.groups.models import Group
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import give_role
from tieout.portal.workspaces.models import Workspace

KEY = {"Idempotency-Key": "fixture-1"}


def test_what_is_sent_twice_is_done_once_and_told_twice(owner_program: Program, workspace: Workspace) -> None:
    first = owner_program.call("POST", "groups", {"name": "Fixture group"}, **KEY)
    second = owner_program.call("POST", "groups", {"name": "Fixture group"}, **KEY)
    assert (first.status_code, first.content) == (second.status_code, second.content) == (201, first.content)
    assert second["Idempotency-Replayed"] == "true"
    assert Group.objects.in_workspace(workspace).count() == 1


def test_one_key_for_two_requests_changes_nothing(owner_program: Program, workspace: Workspace) -> None:
    owner_program.post("groups", {"name": "Fixture group"}, **KEY)
    assert owner_program.post("groups", {"name": "Another"}, status=422, **KEY)["type"].endswith("other-request")
    assert Group.objects.in_workspace(workspace).count() == 1


def test_who_may_less_by_now_is_not_told_what_he_did_before(
    administrator_program: Program, administrator: Person, workspace: Workspace
) -> None:
    made = administrator_program.post("groups", {"name": "Fixture group"}, **KEY)
    give_role(workspace, administrator, "reader")
    answer = administrator_program.call("POST", "groups", {"name": "Fixture group"}, **KEY)
    assert answer.status_code in (403, 422)
    assert str(made["name"]) not in answer.content.decode()


def test_what_was_refused_may_be_tried_again_with_the_same_key(owner_program: Program) -> None:
    owner_program.post("groups", {"name": ""}, status=422, **KEY)
    assert not Answer.objects.exists()


def test_after_a_fault_of_ours_nobody_is_told_that_it_was_done(
    owner_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fixture")

    with monkeypatch.context() as patch:
        patch.setattr("tieout.portal.groups.actions.make_group", broken)
        patch.setattr("tieout.portal.api.views.groups.make_group", broken, raising=False)
        assert owner_program.call("POST", "groups", {"name": "Fixture group"}, **KEY).status_code == 500
    told = owner_program.post("groups", {"name": "Fixture group"}, status=409, **KEY)
    assert "is not finished" in told["detail"]
