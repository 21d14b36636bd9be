"""Tables of syncs: each attempt, what it told, and how every stream of a data source stands.

A summary for pages. The truth (rows, cursors, verdicts) lies in the warehouse.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SyncState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    INCOMPLETE = "incomplete", _("Incomplete")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATES = (SyncState.QUEUED, SyncState.RUNNING)


class Reason(models.TextChoices):
    """Why a sync was asked for. FILL brings the deferred streams, chunk by chunk; CHECK only ties out."""

    FIRST = "first", _("First sync")
    SCHEDULE = "schedule", _("Scheduled sync")
    PERSON = "person", _("Sync asked for")
    RENEWAL = "renewal", _("Sync after renewal")
    FILL = "fill", _("Filling in")
    CHECK = "check", _("Check")
    COMMAND = "command", _("Sync by command")


class Fault(models.TextChoices):
    """Who must act on what stopped a sync: the classes of `connectors.errors`, and faults of ours."""

    TRY_LATER = "try_later"
    COMPANY = "company"
    OPERATOR = "operator"
    UNEXPECTED = "unexpected"


class Sync(models.Model):
    """One attempt to bring a data source up to date. `slot` makes a request for the same moment the same sync."""

    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, related_name="syncs")
    slot = models.CharField(max_length=64)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    full = models.BooleanField(default=False)
    nightly = models.BooleanField(default=False)
    skip: models.JSONField[Any, Any] = models.JSONField(default=list)  # names of streams that are not asked
    on = models.DateField(null=True)  # the day that somebody wants the ledger compared at, besides the usual ones
    goes_first = models.BooleanField(default=False)  # a person asked for it while it waited already
    state = models.CharField(max_length=16, choices=SyncState.choices, default=SyncState.QUEUED)
    attempt = models.PositiveSmallIntegerField(
        default=1
    )  # one more each time a stop or a lost queue made it start again
    chunk = models.PositiveIntegerField(default=1)  # of a fill
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    rows_new = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_removed = models.BigIntegerField(default=0)
    requests = models.BigIntegerField(default=0)
    requests_planned = models.BigIntegerField(default=0)  # of everything but deferred streams, as far as known
    throttled = models.BigIntegerField(default=0)
    verdict = models.CharField(max_length=20, blank=True)
    fault = models.CharField(max_length=16, choices=Fault.choices, blank=True)
    message = models.TextField(blank=True)  # the error's own sentence; never holds a secret

    class Meta:
        ordering = ("-requested_at", "-id")
        constraints = (models.UniqueConstraint(fields=("source", "slot"), name="one_sync_per_slot"),)
        indexes = (
            models.Index(fields=("source", "-requested_at"), name="syncs_of_a_source"),
            models.Index(fields=("state",), name="syncs_by_state"),
        )

    @property
    def job_id(self) -> str:
        """The job's deterministic name: asking twice for one slot is asking once."""
        name = f"sync:{self.source_id}:{self.slot}"
        if self.reason == Reason.FILL:
            name = f"{name}:{self.chunk}"
        return name if self.attempt == 1 else f"{name}:again{self.attempt}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def rows(self) -> int:
        return self.rows_new + self.rows_changed + self.rows_removed

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class StreamPhase(models.TextChoices):
    QUEUED = "queued", _("Queued")
    FETCHING = "fetching", _("Fetching")
    CHECKING = "checking", _("Checking")
    STORING = "storing", _("Storing")
    COMPLETE = "complete", _("Complete")
    FAILED = "failed", _("Failed")
    UNAVAILABLE = "unavailable", _("Not available to us")


class StreamState(models.Model):
    """How one stream of one data source stands. `requests_planned` is None while nobody can know it."""

    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, related_name="streams")
    stream = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=16, choices=StreamPhase.choices, default=StreamPhase.QUEUED)
    is_deferred = models.BooleanField(default=False)
    grade = models.CharField(max_length=16, blank=True)
    graded_on = models.DateField(null=True)
    grade_holds = models.BooleanField(null=True)  # None: still filling, or it could not be checked
    reason = models.TextField(blank=True)  # why it can't be read, in the system's words
    fault = models.CharField(max_length=16, choices=Fault.choices, blank=True)
    window = models.CharField(max_length=32, blank=True)  # what is being fetched now: a year, or two dates
    rows = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)  # these three: the last sync that brought something
    rows_changed = models.BigIntegerField(default=0)
    rows_removed = models.BigIntegerField(default=0)
    newest_on = models.DateField(null=True)
    unknown_fields: models.JSONField[Any, Any] = models.JSONField(default=list)  # of the source, kept in `_extra`
    requests_done = models.BigIntegerField(default=0)
    requests_planned = models.BigIntegerField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "stream")
        constraints = (models.UniqueConstraint(fields=("source", "stream"), name="one_state_per_stream"),)

    @property
    def is_filling(self) -> bool:
        """Whether deferred rows are still arriving."""
        return self.is_deferred and self.phase not in (StreamPhase.COMPLETE, StreamPhase.UNAVAILABLE)

    @property
    def rows_left(self) -> int:
        """Of a deferred stream: how many records are still to be asked, one request each."""
        return max(0, (self.requests_planned or 0) - self.requests_done) if self.is_deferred else 0


class Event(models.Model):
    """Something a sync told: a code and figures. Texts are made where they are shown."""

    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    code = models.CharField(max_length=32)
    stream = models.CharField(max_length=64, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("sync", "number"), name="one_event_per_number"),)
        indexes = (models.Index(fields=("code", "at"), name="events_by_code"),)


class Balances(models.Model):
    """The ledger's accounts as a data source's latest tie-out compared them."""

    source = models.OneToOneField("sources.Source", on_delete=models.CASCADE, related_name="balances")
    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="+")
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)  # [account number, name, stored, vendor]; as text

    class Meta:
        verbose_name_plural = "balances"


def slot_of(moment: datetime) -> str:
    """The slot of a scheduled sync: its planned minute, UTC."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")
