"""Incidents: opened once, closed once, one message at each, and one for a cause that hits everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from tests.portal.conftest import make_source
from tests.portal.syncs.factories import make_sync
from tieout.portal.alerts import actions, sending, watch
from tieout.portal.alerts.models import Incident, Kind, Message
from tieout.portal.approvals.actions import make_link
from tieout.portal.approvals.models import OnboardingSession, SessionState
from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Source, Trouble
from tieout.portal.syncs.models import Fault, SyncState
from tieout.portal.workspaces.models import Workspace

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=40)


def standing(workspace: Workspace, number: str = "910000004", **fields: object) -> Source:
    """A source that is fresh, proved, and whose first sync is no news."""
    good = {"first_sync_done_at": LONG_AGO, "last_complete_at": NOW, "verdict": "proved", "verdict_as_of": NOW}
    return make_source(workspace, f"Fixture {number} AS", number, **(good | fields))


def look_and_send(now: datetime = NOW) -> list[str]:
    """Subjects of what is sent by a look."""
    mail.outbox.clear()
    watch.look(now=now)
    sending.send_due(now=now)
    return [str(letter.subject) for letter in mail.outbox]


def change(source: Source, **fields: object) -> None:
    Source.objects.filter(pk=source.pk).update(**fields)


@pytest.fixture
def fresh(workspace: Workspace, owner: Person) -> Source:
    return standing(workspace)


def test_what_is_fresh_and_proved_is_no_incident(fresh: Source) -> None:
    assert look_and_send() == []
    assert not Incident.objects.exists()


def test_withdrawn_approval_is_told_once_and_its_end_once(fresh: Source) -> None:
    change(
        fresh, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW, last_complete_at=NOW - timedelta(hours=1)
    )
    assert look_and_send() == ["Fixture 910000004 AS: approval withdrawn – numbers stand at 12:00"]
    assert look_and_send() == look_and_send(NOW + timedelta(days=2)) == []
    change(fresh, approval_state=ApprovalState.APPROVED, withdrawn_since=None, last_complete_at=NOW + timedelta(days=2))
    (ended,) = look_and_send(NOW + timedelta(days=2))
    assert ended.startswith("Fixture 910000004 AS: approved again – it lasted from 19 Nov 2026, 13:00 to 21 Nov 2026")
    assert look_and_send(NOW + timedelta(days=2)) == []


def test_message_is_in_the_language_and_zone_of_its_receiver(fresh: Source, owner: Person) -> None:
    owner.language, owner.time_zone = "nb", "America/New_York"
    owner.save()
    change(fresh, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW)
    look_and_send()
    (letter,) = mail.outbox
    assert "07.00" in str(letter.body)
    assert "http://127.0.0.1:8000/sources/" in str(letter.body)


def test_source_that_stands_still_longer_than_its_schedule_promises_is_told(fresh: Source) -> None:
    later = NOW + timedelta(hours=3)
    (subject,) = look_and_send(later)
    assert "stands still since 19 Nov 2026, 15:00" in subject
    change(fresh, last_complete_at=later)
    (ended,) = look_and_send(later)
    assert "up to date again" in ended


def test_source_whose_sync_was_asked_for_just_now_is_not_told_to_stand_still(fresh: Source) -> None:
    later = NOW + timedelta(hours=3)
    make_sync(fresh, at=later - timedelta(minutes=5), state=SyncState.QUEUED, finished_at=None)
    assert look_and_send(later) == []


def test_paused_source_and_removed_one_are_silent(fresh: Source) -> None:
    change(fresh, paused_at=NOW)
    assert look_and_send(NOW + timedelta(days=3)) == []
    change(fresh, paused_at=None)
    assert look_and_send(NOW + timedelta(days=3)) != []
    change(fresh, removed_at=NOW)
    assert look_and_send(NOW + timedelta(days=4)) == []
    assert not Incident.objects.filter(closed_at=None).exists()


def test_not_proved_says_how_many_accounts_differ(fresh: Source) -> None:
    change(fresh, verdict="not_proved", verdict_note={"differing": 3, "compared": 214})
    (subject,) = look_and_send()
    assert "3 of 214 accounts differ" in subject


def test_what_could_not_be_checked_is_told_after_a_day_and_in_the_morning(fresh: Source, owner: Person) -> None:
    make_sync(fresh, at=NOW - timedelta(hours=30), verdict="proved")
    make_sync(fresh, at=NOW - timedelta(hours=25), verdict="could_not_check")
    make_sync(fresh, at=NOW - timedelta(hours=1), verdict="could_not_check")
    change(fresh, verdict="could_not_check")
    assert look_and_send(NOW - timedelta(hours=2)) == []
    assert look_and_send() == []  # a warning: it waits
    message = Message.objects.get()
    assert message.due_at == datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # seven in Oslo
    assert look_and_send(message.due_at) != []


def test_warnings_of_a_morning_are_one_letter_and_those_that_are_over_say_so(
    workspace: Workspace, owner: Person
) -> None:
    for number in ("910000001", "910000002"):
        source = standing(workspace, number, verdict="could_not_check", verdict_as_of=NOW)
        make_sync(source, at=NOW - timedelta(hours=25), verdict="could_not_check")
    look_and_send()
    change(source, verdict="proved")
    look_and_send()
    morning = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    Source.objects.update(last_complete_at=morning)
    assert look_and_send(morning) == ["2 warnings: Fixture 910000001 AS, Fixture 910000002 AS"]
    body = str(mail.outbox[0].body)
    assert "Fixture 910000002 AS: checked again" in body
    assert "Fixture 910000001 AS: couldn’t be checked since" in body


def test_cause_of_the_whole_installation_is_one_incident_to_its_owner(workspace: Workspace, owner: Person) -> None:
    numbers = [f"91000000{digit}" for digit in range(1, 8)]
    for number in numbers:
        standing(workspace, number, trouble=Trouble.OPERATOR, trouble_since=NOW, trouble_message="Keys are refused.")
    later = NOW + timedelta(hours=5)  # all of them stand still as well
    assert look_and_send(later) == ["This installation: Toy Books refuses our own keys since 19 Nov 2026, 13:00"]
    assert look_and_send(later) == []
    Source.objects.update(trouble="", last_complete_at=later)
    (ended,) = look_and_send(later)
    assert "accepts our keys again" in ended


def test_companies_that_withdraw_one_after_another_are_one_incident(workspace: Workspace, owner: Person) -> None:
    first, second, third = (standing(workspace, number) for number in ("910000001", "910000002", "910000003"))
    change(first, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW + timedelta(minutes=1))
    assert look_and_send(NOW + timedelta(minutes=2)) == []  # the others may show that it is this one alone
    change(second, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW + timedelta(minutes=3))
    (subject,) = look_and_send(NOW + timedelta(minutes=4))
    assert subject.startswith("This installation: Toy Books lets in no company since")
    change(third, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW + timedelta(minutes=5))
    assert look_and_send(NOW + timedelta(minutes=30)) == []


def test_company_that_withdraws_alone_is_told_when_another_was_let_in(workspace: Workspace, owner: Person) -> None:
    first, second = standing(workspace, "910000001"), standing(workspace, "910000002")
    change(first, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW)
    assert look_and_send() == []
    change(second, last_complete_at=NOW + timedelta(minutes=1))
    (subject,) = look_and_send(NOW + timedelta(minutes=1))
    assert "Fixture 910000001 AS: approval withdrawn" in subject


def test_company_that_withdraws_alone_is_told_within_a_quarter_of_an_hour(workspace: Workspace, owner: Person) -> None:
    first, _second = standing(workspace, "910000001"), standing(workspace, "910000002")
    change(first, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW)
    assert look_and_send(NOW + timedelta(minutes=15)) != []


def test_system_that_is_down_is_one_incident_until_a_sync_succeeds(workspace: Workspace, owner: Person) -> None:
    later = NOW + timedelta(hours=4)
    sources = [standing(workspace, number) for number in ("910000001", "910000002", "910000003")]
    for source in sources:
        make_sync(source, at=later - timedelta(minutes=10), state=SyncState.INCOMPLETE, fault=Fault.TRY_LATER)
    (subject,) = look_and_send(later)
    assert "Toy Books is down or too busy" in subject
    make_sync(sources[0], at=later + timedelta(minutes=20))
    Source.objects.update(last_complete_at=later + timedelta(minutes=20))
    (ended,) = look_and_send(later + timedelta(minutes=21))
    assert "answers again" in ended


def test_full_disk_is_one_incident(fresh: Source, settings: Settings) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, disk_percent=0)
    (subject,) = look_and_send(NOW + timedelta(hours=9))
    assert subject.startswith("This installation: the disk is")


def test_incident_of_the_installation_goes_to_owners_of_the_first_workspace_only(
    workspace: Workspace, owner: Person, administrator: Person, other_workspace: Workspace
) -> None:
    standing(other_workspace, trouble=Trouble.OPERATOR, trouble_since=NOW)
    look_and_send()
    assert [letter.to for letter in mail.outbox] == [[owner.email]]


def test_first_sync_is_told_once(workspace: Workspace, owner: Person) -> None:
    standing(workspace, first_sync_done_at=NOW, rows_total=1284)
    (subject,) = look_and_send()
    assert subject == "Fixture 910000004 AS: first sync done 19 Nov 2026, 13:00"
    assert look_and_send(NOW + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (SessionState.STARTED, ["opened"]),
        (SessionState.CANCELLED, ["opened", "declined"]),
        (SessionState.DONE, ["opened"]),  # the approval has a receipt of its own
    ],
)
def test_link_opened_and_declined_are_told_once(
    workspace: Workspace, owner: Person, state: SessionState, told: list[str]
) -> None:
    link = make_link(workspace, connector="toy", by=owner, company_name="Fixture Trading AS").link
    for number in range(2):  # tried twice
        OnboardingSession.objects.create(
            workspace=workspace,
            connector="toy",
            link=link,
            browser_hash="x",
            state_hash=str(number),
            language="en",
            state=state,
            started_at=NOW,
            valid_until=NOW,
            returned_at=NOW,
            ended_at=NOW,
        )
    assert [subject.split()[5] for subject in look_and_send()] == told
    assert look_and_send() == []


def test_who_is_told_can_be_chosen_for_a_workspace_and_for_one_source(
    fresh: Source, workspace: Workspace, owner: Person, administrator: Person, reader: Person
) -> None:
    change(fresh, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW)
    other = standing(workspace, "910000009", last_complete_at=NOW + timedelta(minutes=1), verdict="not_proved")
    actions.choose_receivers(workspace, [administrator], by=owner)
    actions.choose_receivers(workspace, [reader], by=owner, source=fresh)
    look_and_send()
    told = {letter.subject.split(":")[0]: letter.to[0] for letter in mail.outbox}
    assert told == {fresh.company_name: reader.email, other.company_name: administrator.email}


def test_person_can_turn_a_kind_off(fresh: Source, workspace: Workspace, owner: Person, administrator: Person) -> None:
    actions.choose_kinds(workspace, owner, silenced=[Kind.APPROVAL_WITHDRAWN], digest=True)
    change(fresh, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW)
    look_and_send()
    assert [letter.to for letter in mail.outbox] == [[administrator.email]]


def test_wish_to_be_told_when_it_is_proved_brings_one_message_and_is_forgotten(fresh: Source, reader: Person) -> None:
    actions.wish_for_proof(fresh, reader)
    asked = datetime.now(UTC)
    change(fresh, verdict="not_proved", verdict_as_of=asked + timedelta(minutes=1))
    assert [subject for subject in look_and_send(asked) if ": proved" in subject] == []
    change(fresh, verdict="proved", verdict_as_of=asked + timedelta(minutes=2), last_complete_at=asked)
    look_and_send(asked)
    (letter,) = [one for one in mail.outbox if ": proved" in one.subject]
    assert letter.to == [reader.email]
    change(fresh, verdict_as_of=asked + timedelta(minutes=9))
    assert look_and_send(asked) == []


def test_without_mail_incidents_are_kept_and_nobody_is_owed_a_message(fresh: Source, settings: Settings) -> None:
    settings.IS_MAIL_SET = False
    change(fresh, approval_state=ApprovalState.WITHDRAWN, withdrawn_since=NOW)
    assert look_and_send() == []
    settings.IS_MAIL_SET = True
    assert look_and_send() == []
    assert Incident.objects.get().kind == Kind.APPROVAL_WITHDRAWN
