"""Tables of alerts: incidents, the messages that tell of them (an outbox), and who wants to be told of what."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.portal.workspaces.models import WorkspaceQuerySet


class Gravity(models.TextChoices):
    """ERROR: numbers are wrong or stand still. WARNING: they may be. NEWS: something happened; it has no end."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")
    NEWS = "news", _("News")


class Kind(models.TextChoices):
    """What people are told of. Those of the installation have no workspace."""

    APPROVAL_WITHDRAWN = "approval_withdrawn", _("Approval withdrawn")
    STANDS_STILL = "stands_still", _("Stands still longer than its schedule promises")
    NOT_PROVED = "not_proved", _("Not proved")
    COULD_NOT_CHECK = "could_not_check", _("Couldn’t check for 24 hours")
    WEBHOOK_DISABLED = "webhook_disabled", _("Webhook switched off after days of failure")
    FIRST_SYNC_DONE = "first_sync_done", _("First sync done")
    LINK_OPENED = "link_opened", _("Approval link opened")
    LINK_APPROVED = "link_approved", _("Approval link approved")
    LINK_DECLINED = "link_declined", _("Approval link declined")
    STAMPED_CHANGED = "stamped_changed", _("Figures that were reported have changed")
    LOCKED_CHANGED = "locked_changed", _("A posting landed in a locked period")
    PROVED = "proved", _("Proved, as you asked to be told")
    KEYS_REFUSED = "keys_refused", _("This installation’s own keys are refused")
    SHUT_OUT = "shut_out", _("No company is let in any more")
    SYSTEM_DOWN = "system_down", _("The accounting system is down")
    DISK_FULL = "disk_full", _("The disk is nearly full")
    MAIL_FAILING = "mail_failing", _("E-mails can’t be sent")


OF_INSTALLATION = (Kind.KEYS_REFUSED, Kind.SHUT_OUT, Kind.SYSTEM_DOWN, Kind.DISK_FULL, Kind.MAIL_FAILING)
NEWS = (
    *(Kind.FIRST_SYNC_DONE, Kind.LINK_OPENED, Kind.LINK_APPROVED, Kind.LINK_DECLINED),
    *(Kind.STAMPED_CHANGED, Kind.LOCKED_CHANGED, Kind.PROVED),
)
WARNINGS = (Kind.COULD_NOT_CHECK, Kind.WEBHOOK_DISABLED)


def gravity_of(kind: str) -> Gravity:
    """How grave a kind is."""
    if kind in NEWS:
        return Gravity.NEWS
    return Gravity.WARNING if kind in WARNINGS else Gravity.ERROR


class Incident(models.Model):
    """One thing that people must know of, from its beginning to its end. `key` says of what; one of a key is open at a time.

    `since` is when it began, `opened_at` when it was noticed. News are closed when they are made. Without a workspace
    it is the installation's. Times are UTC.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, null=True, related_name="incidents")
    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, null=True, related_name="incidents")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    key = models.CharField(max_length=120)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)  # never a secret

    company_field: ClassVar = "source"

    objects = WorkspaceQuerySet["Incident"].as_manager()

    class Meta:
        ordering = ("-since", "-opened_at")
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=models.Q(closed_at=None), name="one_open_incident_per_key"
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-opened_at"), name="incidents_of_a_workspace"),
            models.Index(fields=("key",), name="incidents_by_key"),
        )

    @property
    def gravity(self) -> Gravity:
        return gravity_of(self.kind)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class MessageState(models.TextChoices):
    """UNSURE: the server was killed while the mail server took it; sent again it might come twice."""

    WAITING = "waiting", _("Waiting")
    HANDING = "handing", _("Being handed over")
    SENT = "sent", _("Sent")
    UNSURE = "unsure", _("Perhaps not sent")
    GIVEN_UP = "given_up", _("Given up")


class Phase(models.TextChoices):
    BEGIN = "begin"
    END = "end"


class Message(models.Model):
    """An e-mail that one person must get of one incident: written in the transaction that opens or closes it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="messages")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    phase = models.CharField(max_length=5, choices=Phase.choices, default=Phase.BEGIN)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    is_digest = models.BooleanField(default=False)  # waits for the others of its day
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)  # of the last try; no address, no secret

    class Meta:
        ordering = ("due_at", "made_at")
        constraints = (
            models.UniqueConstraint(fields=("incident", "person", "phase"), name="one_message_per_person_and_phase"),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="messages_by_state"),)


class Receiver(models.Model):
    """Who is told of a workspace's incidents, or of one source's. Without any: owners and administrators."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = WorkspaceQuerySet["Receiver"].as_manager()


class Choice(models.Model):
    """What a person wants to be told of in a workspace: kinds turned off, and whether warnings wait for the morning."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    silenced: models.JSONField[Any, Any] = models.JSONField(default=list)
    digest = models.BooleanField(default=True)

    objects = WorkspaceQuerySet["Choice"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("workspace", "person"), name="one_choice_per_workspace")
        ]


class ProofWish(models.Model):
    """Somebody wants one message when a source is proved next. Fulfilled, it is gone."""

    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("source", "person"), name="one_wish_per_person")]
