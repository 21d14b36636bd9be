"""Tables of approvals: links that ask for one, onboarding sessions of browsers, and candidates: keys not yet proved.

An approval link is durable and shareable; an onboarding session is short and belongs to one browser; a candidate is what one
company's approval gave, kept encrypted until the company behind the key is proved.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, TypedDict
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.portal.encryption import Place
from tieout.portal.kept import KeepsSecrets
from tieout.portal.workspaces.models import WorkspaceQuerySet

NOTE_LENGTH = 300
SHORTEST_VALIDITY = timedelta(hours=1)
LONGEST_VALIDITY = timedelta(days=30)
SESSION_VALIDITY = timedelta(minutes=30)


class LinkState(models.TextChoices):
    OPEN = "open", _("Waiting")
    USED = "used", _("Approved")
    EXPIRED = "expired", _("Expired link")
    REVOKED = "revoked", _("Revoked")


class AskedCompany(TypedDict):
    """One company that a link for several asks for. `name` is empty until it is known."""

    number: str
    name: str


class ApprovalLink(models.Model):
    """An address that asks a company's administrator to approve. Only the hash of its token is stored.

    With a `source` it renews that one. `organisation_number` pins the company, `companies` several (see several.py);
    both empty: whichever the approver chooses.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="approval_links")
    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, null=True, related_name="approval_links")
    connector = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    organisation_number = models.CharField(max_length=9, blank=True)
    company_name = models.CharField(max_length=200, blank=True)  # of a pinned one: on renewal, or once it is proved
    companies: models.JSONField[list[AskedCompany], list[AskedCompany]] = models.JSONField(default=list)
    recipient_name = models.CharField(max_length=100, blank=True)
    recipient_email = models.EmailField(blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    made_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    valid_for = models.DurationField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)  # the receiver did not expect it; revokes too
    asked_anew_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    company_field: ClassVar = "source"

    objects = WorkspaceQuerySet["ApprovalLink"].as_manager()

    class Meta:
        ordering = ("-made_at",)
        indexes = (models.Index(fields=("workspace", "-made_at"), name="links_of_a_workspace"),)

    def state(self, now: datetime) -> LinkState:
        if self.used_at:
            return LinkState.USED
        if self.revoked_at or (self.source and self.source.is_removed):
            return LinkState.REVOKED
        return LinkState.EXPIRED if now >= self.expires_at else LinkState.OPEN

    @property
    def is_renewal(self) -> bool:
        return self.source_id is not None


class SessionState(models.TextChoices):
    """Where one browser's approval stands. The words are those of the page that is shown."""

    STARTED = "started"  # sent to the system's own pages
    RETURNED = "returned"  # came back; the token is being exchanged
    CHOOSING = "choosing"  # several companies came; the approver ticks
    CHECKING = "checking"  # approved, being checked
    DONE = "done"
    WRONG_COMPANY = "wrong_company"
    CANCELLED = "cancelled"
    NOT_ADMINISTRATOR = "not_administrator"
    COMPANY_NOT_FOUND = "company_not_found"
    BLOCKED = "blocked"
    TRY_AGAIN = "try_again"
    LINK_CLOSED = "link_closed"  # revoked or used elsewhere while the approver was away
    GIVEN_UP = "given_up"  # the key could never be proved


ENDED = (SessionState.DONE, SessionState.WRONG_COMPANY, SessionState.GIVEN_UP)


class OnboardingSession(models.Model):
    """One browser on its way through the system's own pages. Made by a POST, used by one callback.

    `browser_hash` is of the random cookie that the browser keeps, `state_hash` of the value in the redirect address.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    connector = models.CharField(max_length=64)
    link = models.ForeignKey(ApprovalLink, on_delete=models.CASCADE, null=True, related_name="sessions")
    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    browser_hash = models.CharField(max_length=64)
    state_hash = models.CharField(max_length=64, unique=True)
    organisation_number = models.CharField(max_length=9, blank=True)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=20, choices=SessionState.choices, default=SessionState.STARTED)
    started_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # receipts are sent
    approver_email = models.CharField(max_length=254, blank=True)
    message = models.TextField(blank=True)  # why it stopped, in the connector's own sentence

    objects = WorkspaceQuerySet["OnboardingSession"].as_manager()

    class Meta:
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=("browser_hash", "connector"), name="sessions_of_a_browser"),
            models.Index(fields=("state",), name="sessions_by_state"),
        )


class CandidateState(models.TextChoices):
    OFFERED = "offered"  # the approver has not yet said which companies
    CHOSEN = "chosen"  # to be proved
    TAKEN = "taken"  # its key became the source's credentials
    LEFT = "left"  # not wanted: the key is destroyed
    REFUSED = "refused"  # another company than it must be: the key is destroyed
    GIVEN_UP = "given_up"  # could not be proved in time: the key is destroyed


HOLDING_A_KEY = (CandidateState.OFFERED, CandidateState.CHOSEN)


class Candidate(KeepsSecrets):
    """What an approval gave for one company. Holds a key, encrypted, only while it is offered or chosen."""

    secret_fields: ClassVar = ("client_key",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    session = models.ForeignKey(OnboardingSession, on_delete=models.CASCADE, related_name="candidates")
    position = models.PositiveSmallIntegerField(default=0)
    company_name = models.CharField(max_length=200, blank=True)
    organisation_number = models.CharField(max_length=32, blank=True)  # as told; empty where the system told none
    client_key = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=CandidateState.choices)
    received_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)  # what the last try ended with, a sentence without secrets
    source = models.ForeignKey("sources.Source", on_delete=models.SET_NULL, null=True, related_name="candidates")
    is_renewal = models.BooleanField(default=False)
    taken_at = models.DateTimeField(null=True)
    sync_requested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")
        indexes = (models.Index(fields=("state", "next_try_at"), name="candidates_by_state"),)

    def place(self, field: str) -> Place:
        return Place(str(self.session.workspace_id), f"candidate:{self.id}", field)

    def destroy_key(self) -> None:
        """Forget the key. The row is not saved."""
        self.client_key = ""
