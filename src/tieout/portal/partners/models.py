"""Tables of accounting firms: the firm's own access, and each of its clients with how far connecting it has come."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.portal.encryption import Place
from tieout.portal.kept import KeepsSecrets
from tieout.portal.workspaces.models import WorkspaceQuerySet


class FirmAccess(KeepsSecrets):
    """A firm's own key, encrypted, as proved when it was set. `may_add`: the firm may let us in to its clients itself."""

    secret_fields: ClassVar = ("client_key",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    connector = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    organisation_number = models.CharField(max_length=20)
    may_add = models.BooleanField(default=False)
    client_key = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)  # why connecting stands still, in the connector's own sentence

    objects = WorkspaceQuerySet["FirmAccess"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "connector"), name="one_firm_per_connector"),)

    def __str__(self) -> str:
        return self.name

    def place(self, field: str) -> Place:
        return Place(str(self.workspace_id), f"firm:{self.id}", field)


class ClientState(models.TextChoices):
    LISTED = "listed", _("Not connected")
    WANTED = "wanted", _("Waiting")
    CHECKING = "checking", _("Being checked")  # its key is here, as a candidate
    CONNECTED = "connected", _("Connected")
    REFUSED = "refused", _("Refused")


UNDER_WAY = (ClientState.WANTED, ClientState.CHECKING)


class FirmsCompany(models.Model):
    """One client of a firm, as the system lists it. `session` is the yes it was chosen with, `candidate` its key on the way."""

    access = models.ForeignKey(FirmAccess, on_delete=models.CASCADE, related_name="companies")
    client_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    organisation_number = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=ClientState.choices, default=ClientState.LISTED)
    message = models.TextField(blank=True)  # why it was refused, or why it waits
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    session = models.ForeignKey("approvals.OnboardingSession", on_delete=models.SET_NULL, null=True, related_name="+")
    candidate = models.OneToOneField(
        "approvals.Candidate", on_delete=models.SET_NULL, null=True, related_name="firms_company"
    )

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("access", "client_id"), name="one_row_per_client"),)
        indexes = (models.Index(fields=("state", "next_try_at"), name="firms_companies_by_state"),)

    def __str__(self) -> str:
        return self.name
