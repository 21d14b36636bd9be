"""What people may do about alerts: choose who is told and of what, wish for one message, try the mail."""

from __future__ import annotations

from collections.abc import Collection
from smtplib import SMTPException

from django.db import transaction
from django.utils import timezone

from tieout.portal.alerts.emails import test_letter
from tieout.portal.alerts.models import Choice, ProofWish, Receiver
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace


class MailRefusedError(Exception):
    """The mail server did not take a test. The text is its own, without a password."""


@transaction.atomic
def choose_receivers(
    workspace: Workspace, people: Collection[Person], *, by: Person, source: Source | None = None
) -> None:
    """Have these told of a workspace's incidents, or of one source's; nobody: owners and administrators again."""
    Receiver.objects.in_workspace(workspace).filter(source=source).delete()
    Receiver.objects.bulk_create(Receiver(workspace=workspace, source=source, person=person) for person in people)
    names = sorted(str(person) for person in people)
    tell(workspace, "receivers_changed", person=by, source=source, receivers=names)


def choose_kinds(workspace: Workspace, person: Person, *, silenced: Collection[str], digest: bool) -> None:
    """Remember what a person doesn't want to be told of, and whether warnings wait for the morning."""
    Choice.objects.update_or_create(
        workspace=workspace, person=person, defaults={"silenced": sorted(silenced), "digest": digest}
    )


def wish_for_proof(source: Source, person: Person) -> None:
    """Tell this person once, when the source is proved after now. Wishing twice is wishing once."""
    ProofWish.objects.update_or_create(source=source, person=person, defaults={"asked_at": timezone.now()})


def forget_wish(source: Source, person: Person) -> None:
    """Take a wish back."""
    ProofWish.objects.filter(source=source, person=person).delete()


def send_test(person: Person) -> None:
    """E-mail a test, here and now. Raises MailRefusedError."""
    try:
        test_letter(person).send()
    except SMTPException as error:
        code, told = getattr(error, "smtp_code", ""), getattr(error, "smtp_error", b"")
        text = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
        raise MailRefusedError(f"{type(error).__name__} {code} {text}".strip()) from error
    except OSError as error:
        raise MailRefusedError(error.strerror or type(error).__name__) from error
