"""Tables of webhooks: where to post, and what was posted with the answers."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.connectors.base import Secret
from tieout.portal.encryption import Place
from tieout.portal.kept import KeepsSecrets
from tieout.portal.workspaces.models import WorkspaceQuerySet


class Form(models.TextChoices):
    """How a webhook is written: JSON that is signed, or one line of text as chats read it."""

    SIGNED = "signed", _("Signed (Standard Webhooks)")
    CHAT = "chat", _("Chat (Slack and what reads the same)")


class EventType(models.TextChoices):
    SYNC_FINISHED = "sync.finished", _("A sync has finished")
    INCIDENT_OPENED = "incident.opened", _("An incident has begun")
    INCIDENT_CLOSED = "incident.closed", _("An incident is over")
    TEST = "test", _("A test")


CHOSEN = (EventType.SYNC_FINISHED, EventType.INCIDENT_OPENED, EventType.INCIDENT_CLOSED)


class Endpoint(KeepsSecrets):
    """Where a workspace's events are posted. The address is kept like a secret: a chat's lets anybody write there."""

    secret_fields: ClassVar = ("url", "signing_secret")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=100)
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.SIGNED)
    types: models.JSONField[Any, Any] = models.JSONField(default=list)
    url = models.TextField()
    host = models.CharField(max_length=255)  # of the address, to be shown
    signing_secret = models.TextField(blank=True)  # of a signed one
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    listens_from = models.DateTimeField()  # what happened before it was made or switched on is not told
    told_until = models.DateTimeField()  # syncs that finished before this have been looked at
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    is_disabled_by_failure = models.BooleanField(default=False)

    objects = WorkspaceQuerySet["Endpoint"].as_manager()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    def place(self, field: str) -> Place:
        return Place(str(self.workspace_id), f"webhook:{self.id}", field)

    def keep_url(self, url: str) -> None:
        """Put the address in, encrypted, with its host to be shown. The row is not saved."""
        self.keep("url", Secret(url))
        self.host = urlsplit(url).hostname or ""

    @property
    def is_on(self) -> bool:
        return self.disabled_at is None


class Delivery(models.Model):
    """One event for one endpoint: posted until it is taken. `key` makes the same event the same delivery."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=120)
    type = models.CharField(max_length=20, choices=EventType.choices)
    body = models.TextField()  # as it is posted, and signed; no secret
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # None: delivered, or given up
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer; None: there was none
    answer = models.CharField(max_length=300, blank=True)  # the beginning of it, or why there was none

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name_plural = "deliveries"
        constraints = (models.UniqueConstraint(fields=("endpoint", "key"), name="one_delivery_per_event"),)
        indexes = (models.Index(fields=("due_at",), name="deliveries_by_due"),)

    @property
    def message_id(self) -> str:
        """What receivers know an event by, however often it comes."""
        return f"msg_{self.id.hex}"
