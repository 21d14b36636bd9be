"""What stands when the power goes, or the system can't be asked, between `finish` and the swap."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from tests.portal.approvals.books import Client, System
from tests.portal.approvals.conftest import approve, connected
from tieout.connectors.errors import (
    ConnectorError,
    NeedsCompanyError,
    NeedsOperatorError,
    TryLaterError,
    UnexpectedAnswerError,
)
from tieout.portal.approvals import actions
from tieout.portal.approvals.actions import FreshLink, check_candidates
from tieout.portal.approvals.candidates import KEPT_FOR, prove
from tieout.portal.approvals.models import Candidate, CandidateState, OnboardingSession, SessionState
from tieout.portal.approvals.onboarding import Wish, wish_of, wish_to_renew
from tieout.portal.approvals.settling import Step
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync
from tieout.portal.workspaces.models import Happening, Workspace

LATER = timedelta(minutes=5)
STEPS_WITH_KEYS_STORED = ("received", "proved", "swapped", "sync requested", "settled", "told")


class Crash(BaseException):
    """The process dies here."""


def crash_at(where: str) -> Step:
    def step(done: str) -> None:
        if done == where:
            raise Crash(where)

    return step


def crashed(wish: Wish, system: System, client: Client, *, at: str) -> OnboardingSession:
    with pytest.raises(Crash):
        approve(wish, system, client, step=crash_at(at))
    return OnboardingSession.objects.latest("started_at")


def opens_books(source: Source) -> bool:
    return prove(source.connector, client_key(source), "").organisation_number == source.organisation_number


@pytest.mark.parametrize("changes_keys", [False, True], ids=["same key", "new key kills the old"])
@pytest.mark.parametrize("at", STEPS_WITH_KEYS_STORED)
def test_a_renewal_survives_a_crash_at_every_step(
    at: str, changes_keys: bool, workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    mail.outbox.clear()
    Sync.objects.all().delete()
    system.changes_keys = changes_keys
    session = crashed(wish_to_renew(source, administrator), system, nordlys, at=at)
    check_candidates(timezone.now() + LATER)
    session.refresh_from_db()
    assert session.state == SessionState.DONE
    assert opens_books(source)
    assert client_key(source).reveal() == nordlys.key
    assert [sync.reason for sync in Sync.objects.all()] == ["renewal"]
    assert {message.to[0] for message in mail.outbox} == {"approver@example.com", "administrator@example.com"}
    assert not Candidate.objects.exclude(client_key="").exists()
    assert Happening.objects.filter(kind="approved", facts__renewal=True).count() == 1


@pytest.mark.parametrize("at", STEPS_WITH_KEYS_STORED)
def test_a_first_approval_survives_a_crash_at_every_step(
    at: str, fresh: FreshLink, system: System, nordlys: Client
) -> None:
    crashed(wish_of(fresh.link), system, nordlys, at=at)
    check_candidates(timezone.now() + LATER)
    check_candidates(timezone.now() + 2 * LATER)
    assert opens_books(Source.objects.get())
    assert Sync.objects.count() == 1


def test_a_crash_before_the_keys_are_stored_leaves_the_old_connection(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    crashed(wish_to_renew(source, administrator), system, nordlys, at="finalized")
    check_candidates(timezone.now() + LATER)
    assert opens_books(source)


def test_a_crash_before_a_changed_key_is_stored_is_mended_by_approving_once_more(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    """The one moment that nobody can bridge: the system gave its only answer to a process that died at that instant."""
    source = connected(workspace, system, nordlys, administrator)
    system.changes_keys = True
    link = actions.make_renewal_link(source, by=administrator).link
    crashed(wish_of(link), system, nordlys, at="finalized")
    link.refresh_from_db()
    assert link.used_at is None
    assert approve(wish_of(link), system, nordlys).state == SessionState.DONE
    assert opens_books(source)


def test_a_crash_while_the_approver_chooses_is_made_good(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    from tieout.portal.approvals import onboarding

    session = approve(wish_of(fresh.link), system, nordlys, drift)
    ids = [str(one.pk) for one in session.candidates.all()]
    with pytest.raises(Crash):
        onboarding.choose(session, ids, now=timezone.now(), step=crash_at("chosen"))
    assert not Source.objects.exists()
    check_candidates(timezone.now() + LATER)
    assert Source.objects.count() == 2


@pytest.mark.parametrize("changes_keys", [False, True], ids=["same key", "new key kills the old"])
@pytest.mark.parametrize(
    "fault",
    [
        TryLaterError("busy"),
        NeedsOperatorError("the subscription key is refused"),
        UnexpectedAnswerError("truncated"),
        NeedsCompanyError("not known yet"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_key_is_kept_and_tried_again_while_the_system_cannot_be_asked(
    fault: ConnectorError,
    changes_keys: bool,
    workspace: Workspace,
    administrator: Person,
    system: System,
    nordlys: Client,
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    system.changes_keys = changes_keys
    old_key = client_key(source).reveal()
    system.faults["company"] = [fault, fault]
    session = approve(wish_to_renew(source, administrator), system, nordlys)
    assert session.state == SessionState.CHECKING
    assert client_key(source).reveal() == old_key
    kept = session.candidates.get()
    assert kept.client_key
    assert nordlys.key not in kept.client_key
    check_candidates(timezone.now() + LATER)
    assert session.candidates.get().tries == 2
    check_candidates(timezone.now() + 2 * LATER)
    session.refresh_from_db()
    assert session.state == SessionState.DONE
    assert opens_books(source)


def test_pauses_between_tries_grow_to_an_hour(fresh: FreshLink, system: System, nordlys: Client) -> None:
    system.faults["company"] = [TryLaterError("busy") for _ in range(12)]
    session = approve(wish_of(fresh.link), system, nordlys)
    pauses = []
    for _ in range(10):
        candidate = session.candidates.get()
        assert candidate.next_try_at
        check_candidates(candidate.next_try_at)
        after = session.candidates.get().next_try_at
        assert after
        pauses.append(after - candidate.next_try_at)
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(pauses) == timedelta(hours=1)


def test_after_seven_days_the_key_is_destroyed_and_people_are_told(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    mail.outbox.clear()
    system.faults["company"] = [TryLaterError("busy") for _ in range(3)]
    session = approve(wish_to_renew(source, administrator), system, nordlys)
    check_candidates(session.started_at + KEPT_FOR - timedelta(minutes=1))
    assert session.candidates.get().client_key
    check_candidates(session.started_at + KEPT_FOR + timedelta(hours=1))
    assert (session.candidates.get().state, session.candidates.get().client_key) == (CandidateState.GIVEN_UP, "")
    session.refresh_from_db()
    assert session.state == SessionState.GIVEN_UP
    assert {message.to[0] for message in mail.outbox} == {"approver@example.com", "administrator@example.com"}
    assert opens_books(source)


def test_a_refusal_is_believed_after_an_hour(fresh: FreshLink, system: System, nordlys: Client) -> None:
    refusals = [NeedsCompanyError("no longer accepted") for _ in range(3)]
    system.faults["company"] = list(refusals)
    session = approve(wish_of(fresh.link), system, nordlys)
    check_candidates(session.started_at + timedelta(minutes=59))
    assert session.candidates.get().state == CandidateState.CHOSEN
    check_candidates(session.started_at + timedelta(hours=3))
    assert session.candidates.get().state == CandidateState.GIVEN_UP
    fresh.link.refresh_from_db()
    assert fresh.link.used_at is None


def test_keys_that_nobody_chose_are_destroyed_after_seven_days(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    session = approve(wish_of(fresh.link), system, nordlys, drift)
    check_candidates(session.started_at + KEPT_FOR + LATER)
    assert not Candidate.objects.exclude(client_key="").exists()
    session.refresh_from_db()
    assert session.state == SessionState.GIVEN_UP


def test_receipts_wait_for_the_mail_server(
    fresh: FreshLink, system: System, nordlys: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.portal.approvals.test_candidates.DeadMailServer"
    session = approve(wish_of(fresh.link), system, nordlys)
    assert session.state == SessionState.DONE
    assert session.told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    check_candidates(timezone.now() + LATER)
    assert len(mail.outbox) == 2
    check_candidates(timezone.now() + 2 * LATER)
    assert len(mail.outbox) == 2


class DeadMailServer:
    """A mail server that takes nothing."""

    def __init__(self, **options: Any) -> None: ...

    def send_messages(self, messages: list[Any]) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def test_sessions_that_brought_nothing_are_forgotten_after_a_month(
    fresh: FreshLink, system: System, nordlys: Client
) -> None:
    system.faults["finish"] = [TryLaterError("busy")]
    approve(wish_of(fresh.link), system, nordlys)
    kept = approve(wish_of(fresh.link), system, nordlys)
    check_candidates(timezone.now() + timedelta(days=31))
    assert list(OnboardingSession.objects.all()) == [kept]


def test_a_source_removed_meanwhile_gets_no_key(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    system.faults["company"] = [TryLaterError("busy")]
    session = approve(wish_to_renew(source, administrator), system, nordlys)
    Source.objects.filter(pk=source.pk).update(removed_at=timezone.now())
    check_candidates(timezone.now() + LATER)
    assert (session.candidates.get().state, session.candidates.get().client_key) == (CandidateState.GIVEN_UP, "")


def test_a_stored_key_of_another_candidate_does_not_decrypt(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    """Copying a ciphertext into another row gives nothing."""
    from tieout.portal.encryption import CannotDecryptError

    one, other = approve(wish_of(fresh.link), system, nordlys, drift).candidates.all()
    other.client_key = one.client_key
    with pytest.raises(CannotDecryptError):
        other.reveal("client_key")


def test_two_at_once_make_one_source_and_one_sync(fresh: FreshLink, system: System, nordlys: Client) -> None:
    """The scheduler takes the candidate while the request that received it is between proof and swap."""

    def meanwhile(done: str) -> None:
        if done == "proved":
            check_candidates(timezone.now() + LATER)

    session = approve(wish_of(fresh.link), system, nordlys, step=meanwhile)
    assert session.state == SessionState.DONE
    assert Source.objects.count() == 1
    assert Sync.objects.count() == 1
    assert Happening.objects.filter(kind="approved").count() == 1
