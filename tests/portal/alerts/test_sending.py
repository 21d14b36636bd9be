"""The outbox: each message at most once, tried again while the mail server surely has not taken it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from tests.portal.syncs.memory_jobs import MemoryJobs
from tieout.portal.alerts import sending, watch
from tieout.portal.alerts.models import Incident, Kind, Message, MessageState
from tieout.portal.alerts.tasks import look_and_send
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
TROUBLE: list[Exception | type[BaseException]] = []


class Moody(BaseEmailBackend):
    """A mail server that takes what it takes after the troubles that a test put there."""

    def send_messages(self, email_messages: Any) -> int:
        if TROUBLE:
            raise TROUBLE.pop(0)
        mail.outbox.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def _moody(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Moody"
    TROUBLE.clear()


@pytest.fixture
def owed(source: Source, owner: Person) -> Message:
    Source.objects.update(verdict="not_proved")
    watch.look(now=NOW)
    return Message.objects.get(incident__kind=Kind.NOT_PROVED)


def sent() -> list[str]:
    return [str(letter.subject) for letter in mail.outbox if "not proved" in letter.subject]


def test_mail_server_that_is_down_is_tried_again_after_a_pause(owed: Message) -> None:
    TROUBLE.extend([SMTPServerDisconnected("no")] * 9)
    sending.send_due(now=NOW)
    owed.refresh_from_db()
    assert (owed.state, owed.tries, owed.error) == (MessageState.WAITING, 1, "SMTPServerDisconnected")
    TROUBLE.clear()
    sending.send_due(now=NOW)
    assert sent() == []
    sending.send_due(now=NOW + timedelta(minutes=1))
    assert len(sent()) == 1
    sending.send_due(now=NOW + timedelta(days=1))
    assert len(sent()) == 1


def test_what_a_kill_left_in_the_mail_servers_hands_is_not_sent_twice(owed: Message) -> None:
    TROUBLE.append(SystemExit)  # the process dies while the mail server has it
    with pytest.raises(SystemExit):
        sending.send_due(now=NOW)
    sending.send_due(now=NOW)
    sending.send_due(now=NOW + timedelta(hours=1))
    assert sent() == []
    owed.refresh_from_db()
    assert owed.state == MessageState.UNSURE


def test_message_id_is_the_same_however_often_it_is_tried(owed: Message) -> None:
    sending.send_due(now=NOW)
    letter = next(letter for letter in mail.outbox if "not proved" in letter.subject)
    assert letter.extra_headers["Message-ID"] == f"<{owed.pk}@localhost>"


def test_after_three_days_nobody_wants_it_any_more(owed: Message) -> None:
    TROUBLE.extend([OSError(111, "refused")] * 200)
    for hour in range(80):
        sending.send_due(now=NOW + timedelta(hours=hour))
    owed.refresh_from_db()
    assert owed.state == MessageState.GIVEN_UP


def test_incident_that_ends_before_its_message_left_is_told_once_as_over(owed: Message) -> None:
    Source.objects.update(verdict="proved", last_complete_at=NOW)
    watch.look(now=NOW + timedelta(minutes=1))
    sending.send_due(now=NOW + timedelta(minutes=2))
    told = [str(letter.subject) for letter in mail.outbox if "not proved" in letter.subject.lower()]
    assert len([subject for subject in told if "no longer" in subject]) == 1
    assert not Message.objects.filter(incident=owed.incident, phase="end").exists()


def test_mail_that_fails_is_an_incident_of_the_page(owed: Message) -> None:
    TROUBLE.extend([OSError(111, "refused")] * 50)
    for minute in (0, 2, 5, 12):
        sending.send_due(now=NOW + timedelta(minutes=minute))
    watch.look(now=NOW + timedelta(minutes=13))
    incident = Incident.objects.get(kind=Kind.MAIL_FAILING)
    assert incident.facts["told"] == "ConnectionRefusedError 111"
    assert not incident.messages.exists()
    TROUBLE.clear()
    sending.send_due(now=NOW + timedelta(hours=1))
    watch.look(now=NOW + timedelta(hours=1))
    incident.refresh_from_db()
    assert incident.closed_at


def test_one_letter_that_can_not_be_written_holds_back_no_other(owed: Message, administrator: Person) -> None:
    Person.objects.filter(pk=owed.person_id).update(time_zone="No/Where")
    administrator.memberships.update(role="owner")
    Message.objects.create(incident=owed.incident, person=administrator, made_at=NOW, due_at=NOW)
    sending.send_due(now=NOW)
    assert [letter.to for letter in mail.outbox if "not proved" in letter.subject] == [[administrator.email]]


def test_a_look_asks_for_a_durable_job_that_sends(source: Source, owner: Person, memory_jobs: MemoryJobs) -> None:
    Source.objects.update(verdict="not_proved")
    look_and_send()
    assert [job.task for job in memory_jobs.waiting] == ["send_alerts"]
    memory_jobs.run_all()
    assert len(sent()) == 1
