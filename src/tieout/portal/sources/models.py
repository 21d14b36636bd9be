"""Data sources and their credentials.

A `Source` carries what pages need without opening the warehouse: a summary that can be rebuilt from it.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.portal.encryption import Place
from tieout.portal.kept import KeepsSecrets
from tieout.portal.sources import schedules
from tieout.portal.workspaces.models import Workspace, WorkspaceQuerySet


class ApprovalState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Verdict(models.TextChoices):
    """As `sync` gives them, plus PARTLY: the years so far agree, others are still arriving."""

    PROVED = "proved", _("Proved")
    NOT_PROVED = "not_proved", _("Not proved")
    COULD_NOT_CHECK = "could_not_check", _("Couldn’t check")
    PARTLY = "partly", _("Partly proved")


class Trouble(models.TextChoices):
    """Who must act before the next sync can succeed. Empty while nobody must."""

    COMPANY = "company", _("The company must act")
    OPERATOR = "operator", _("This installation’s operator must act")
    UNEXPECTED = "unexpected", _("An unexpected answer")


class Activity(models.TextChoices):
    """What is going on with a source now. Empty: nothing."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")


class SourceQuerySet(WorkspaceQuerySet["Source"]):
    """Data sources. Those removed with their data kept have rows in the warehouse, and are on no page."""

    def in_workspace(self, workspace: Workspace) -> Self:
        return super().in_workspace(workspace).connected()

    def connected(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)


class Source(models.Model):
    """One company in one system, authorised, with its schedule and the summary of its syncs.

    Times are UTC. `id` as text is the warehouse's `_source_id`.
    """

    company_field: ClassVar = "pk"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="sources")
    connector = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=200)
    company_name = models.CharField(max_length=200)  # as the system says it
    organisation_number = models.CharField(max_length=20)  # normalised
    client_id = models.CharField(max_length=100, blank=True)  # the system's own identity of the company, once known
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    is_to_be_deleted = models.BooleanField(default=False)  # removed with its data; the row goes when those are gone

    approval_state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.APPROVED)
    approved_at = models.DateTimeField(null=True)
    approver_email = models.EmailField(blank=True)
    withdrawn_since = models.DateTimeField(null=True)
    privileges: models.JSONField[Any, Any] = models.JSONField(default=list)  # granted and usable
    missing_privileges: models.JSONField[Any, Any] = models.JSONField(
        default=list
    )  # granted, but the module is missing

    interval_minutes = models.PositiveIntegerField(default=schedules.HOUR)  # these two are one of `schedules.PRESETS`
    hours = models.CharField(max_length=10, choices=schedules.Hours.choices, default=schedules.Hours.ALWAYS)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    # The summary, written by the app `syncs`.
    activity = models.CharField(max_length=10, choices=Activity.choices, blank=True)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)
    trouble_since = models.DateTimeField(null=True)
    trouble_message = models.TextField(blank=True)  # the error's own sentence; never holds a secret
    first_sync_done_at = models.DateTimeField(null=True)
    last_complete_at = models.DateTimeField(null=True)
    next_sync_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    verdict_as_of = models.DateTimeField(null=True)
    verdict_note: models.JSONField[Any, Any] = models.JSONField(default=dict)  # {"compared": 214, "differing": 3}
    facts: models.JSONField[Any, Any] = models.JSONField(
        default=dict
    )  # of the books' calendar: {"locked_to": "2026-10-31"}
    rows_total = models.BigIntegerField(default=0)
    rows_last_day = models.BigIntegerField(default=0)

    # What becomes of each kind of personal data, by `catalog.Personal`; what is left out is as `catalog.DEFAULT_CHOICES` has it.
    personal: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # While a choice has still to be done to what is stored: the kinds that must be read from the beginning. None: all is done.
    to_rearrange: models.JSONField[Any, Any] = models.JSONField(null=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            # Number equal, but another client id: another client of the same company, and so another data source.
            models.UniqueConstraint(
                fields=("workspace", "connector", "organisation_number", "client_id"), name="one_source_per_company"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def schedule(self) -> str:
        """When it syncs by the clock, in words."""
        return schedules.words(self.interval_minutes, self.hours)

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class Credentials(KeepsSecrets):
    """The key that an approval gave, encrypted for this workspace and source."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="credentials")
    client_key = models.TextField()
    received_at = models.DateTimeField()

    secret_fields = ("client_key",)

    class Meta:
        verbose_name_plural = "credentials"

    def place(self, field: str) -> Place:
        return Place(workspace=str(self.source.workspace_id), owner=str(self.source_id), field=field)
