"""The API about people: who gets in and until when, tokens, alerts, saved questions, the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.portal.api.conftest import Program, program_of
from tests.portal.conftest import browser_of
from tests.portal.people.test_factor_required import has_app
from tieout.portal.alerts.models import Kind
from tieout.portal.api.shapes.told import AlertChange
from tieout.portal.people.factors import has_any
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
SQL = {"name": "Postings", "sql": "select 1"}


def test_access_ends_on_a_day_or_at_once_and_comes_back(
    owner_program: Program, administrator_program: Program, source: Source, reader: Person, owner: Person
) -> None:
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert owner_program.patch(f"people/{reader.pk}", {"until": day})["until"] == day
    assert owner_program.patch(f"people/{reader.pk}", {"role": "reader"})["until"] == day  # what is left out stays
    assert owner_program.patch(f"people/{reader.pk}", {"until": None})["until"] is None
    source.responsible = reader
    source.save()
    theirs = program_of(source.workspace, reader)
    administrator_program.post(f"people/{reader.pk}/deactivate", status=403)
    told = owner_program.post(f"people/{reader.pk}/deactivate", status=200)
    assert (told["is_active"], told["left"]["companies"]) == (False, [str(source.pk)])
    theirs.get("me", status=401)
    assert owner_program.post(f"people/{reader.pk}/reactivate", status=200)["is_active"] is True
    theirs.get("me", status=401)  # a revoked token stays revoked
    last = owner_program.post(f"people/{owner.pk}/deactivate", status=409)
    assert last["type"].endswith(":last-owner")
    assert owner_program.patch(f"people/{owner.pk}", {"until": day}, status=409)["type"].endswith(":last-owner")


def test_a_second_factor_is_asked_of_all_and_no_token_takes_one_away(
    owner_program: Program, administrator_program: Program, owner: Person, reader: Person, workspace: Workspace
) -> None:
    administrator_program.get("workspace", status=403)
    ask = {"requires_second_factor": True}
    assert owner_program.patch("workspace", ask, status=409)["type"].endswith(":no-factor-yet")
    has_app(owner)
    has_app(reader)
    told = owner_program.patch("workspace", ask)
    assert told["requires_second_factor"] is True
    assert reader.pk not in told["without_factor"]
    assert administrator_program.get("me", status=403)["type"].endswith(":second-factor-needed")
    owner_program.delete(f"people/{reader.pk}/second-factor", status=404)
    assert has_any(reader)
    refused = owner_program.patch("workspace", {"requires_second_factor": False}, status=409)
    assert refused["type"].endswith(":by-page-only")
    workspace.refresh_from_db()
    assert workspace.requires_second_factor


def test_own_tokens_are_listed_and_revoked_and_nobody_elses(
    owner_program: Program, reader_program: Program, workspace: Workspace, reader: Person
) -> None:
    second = program_of(workspace, reader)
    listed = reader_program.get("tokens")["items"]
    assert len(listed) == 2
    assert "digest" not in str(listed)
    for one in listed:
        owner_program.delete(f"tokens/{one['token']}", status=404)
    reader_program.delete(f"tokens/{listed[0]['token']}")  # the newest
    second.get("me", status=401)
    assert [one["is_live"] for one in reader_program.get("tokens")["items"]] == [False, True]


def test_a_person_chooses_what_he_is_told_of(reader_program: Program, owner_program: Program) -> None:
    now = reader_program.get("me/alerts")
    assert now["kinds"] == now["choosable"]
    assert (now["is_told"], owner_program.get("me/alerts")["is_told"]) == (False, True)
    one = now["choosable"][0]
    told = reader_program.patch("me/alerts", AlertChange(kinds=[one]).dict(exclude_unset=True))
    assert (told["kinds"], told["digest"]) == ([one], now["digest"])
    assert reader_program.patch("me/alerts", {"digest": not now["digest"]})["kinds"] == [one]
    wrong = reader_program.patch("me/alerts", {"kinds": [Kind.PROVED.value]}, status=422)
    assert wrong["errors"][0]["field"] == "kinds"


def test_who_is_told_is_chosen_for_all_and_for_one(
    owner_program: Program,
    reader_program: Program,
    source: Source,
    owner: Person,
    administrator: Person,
    reader: Person,
) -> None:
    usual = sorted([owner.pk, administrator.pk])
    assert owner_program.get("told") == {"chosen": [], "told": usual, "responsible_first": False}
    reader_program.get("told", status=403)
    told = owner_program.patch("told", {"chosen": [owner.pk], "responsible_first": True})
    assert told == {"chosen": [owner.pk], "told": [owner.pk], "responsible_first": True}
    path = f"sources/{source.pk}/told"
    assert owner_program.get(path) == {"chosen": [], "told": [owner.pk]}
    assert owner_program.patch(path, {"chosen": [reader.pk]}) == {"chosen": [reader.pk], "told": [reader.pk]}
    assert owner_program.patch(path, {"chosen": [987]}, status=422)["errors"][0]["field"] == "chosen"
    kinds = [one["kind"] for one in owner_program.get("audit-log?group=settings")["items"]]
    assert kinds.count("receivers_changed") == 2
    assert kinds.count("receivers_responsible_first") == 1


def test_one_e_mail_when_it_is_proved(reader_program: Program, source: Source) -> None:
    path = f"sources/{source.pk}/tell-when-proved"
    assert reader_program.get(path) == {"is_wished": False}
    assert reader_program.post(path, status=200) == {"is_wished": True}
    reader_program.delete(path)
    assert reader_program.get(path) == {"is_wished": False}


def test_a_test_e_mail_says_who_refused_it(
    administrator_program: Program, reader_program: Program, mailoutbox: list[Any], settings: Settings
) -> None:
    reader_program.post("me/alerts/test", status=403)
    administrator_program.post("me/alerts/test", status=200)
    assert len(mailoutbox) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert administrator_program.post("me/alerts/test", status=502)["who_must_act"] == "operator"


def test_questions_are_saved_shared_and_taken_away(
    owner_program: Program, administrator_program: Program, reader_program: Program
) -> None:
    made = reader_program.post("saved-queries", SQL)
    assert reader_program.post("saved-queries", SQL | {"sql": "select 2"})["saved_query"] == made["saved_query"]
    owner_program.get(f"saved-queries/{made['saved_query']}", status=404)
    reader_program.patch(f"saved-queries/{made['saved_query']}", {"is_shared": True})
    (seen,) = owner_program.get("saved-queries")["items"]
    assert (seen["sql"], seen["is_shared"]) == ("select 2", True)
    owner_program.patch(f"saved-queries/{made['saved_query']}", {"name": "Mine now"}, status=403)
    reader_program.post("saved-queries", SQL | {"name": "Another"})
    taken = reader_program.patch(f"saved-queries/{made['saved_query']}", {"name": "Another"}, status=409)
    assert taken["type"].endswith(":name-taken")
    administrator_program.delete(f"saved-queries/{made['saved_query']}")
    assert [one["name"] for one in reader_program.get("saved-queries")["items"]] == ["Another"]


def test_the_audit_log_is_told_to_owners_in_pages_and_narrowed(
    owner_program: Program, administrator_program: Program, source: Source, owner: Person
) -> None:
    administrator_program.get("audit-log", status=403)
    for name in ("A", "B", "C"):
        owner_program.post("groups", {"name": name})
    entries = owner_program.get("audit-log?group=people")["items"]
    assert [one["kind"] for one in entries if one["kind"] == "group_made"] == ["group_made"] * 3
    assert {one["person"] for one in entries} == {owner.pk}
    assert all(one["what"] for one in entries)
    first = owner_program.get("audit-log?group=people&limit=2")
    rest = owner_program.get(f"audit-log?group=people&limit=200&cursor={first['next']}")
    assert first["items"] + rest["items"] == entries
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert owner_program.get(f"audit-log?since={tomorrow}")["items"] == []
    whole = owner_program.get("audit-log?group=people&since=0001-01-01&until=9999-12-31")["items"]
    assert [one for one in whole if one in entries] == entries
    assert browser_of(owner).get("/audit/?since=0001-01-01&until=9999-12-31").status_code == 200
    assert owner_program.get("audit-log?since=2026-02-30", status=422)["errors"][0]["field"] == "since"
    assert owner_program.get("audit-log?group=nothing", status=422)["errors"][0]["field"] == "group"
