"""Workspaces (the tenants), memberships with roles, and what people did (Happening)."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model, covariant=True)


class WorkspaceQuerySet(models.QuerySet[Row]):
    """Rows that belong to a workspace. Every query of a page begins with `in_workspace`."""

    def in_workspace(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)


class Workspace(models.Model):
    """One tenant: its data sources, its people, its warehouse file (named by `slug`, which never changes)."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMINISTRATOR = "administrator", _("Administrator")
    READER = "reader", _("Reader")


ADMINISTRATING = (Role.OWNER, Role.ADMINISTRATOR)


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["Membership"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "person"), name="one_role_per_workspace"),)

    @property
    def can_administer(self) -> bool:
        """Whether this person adds, renews, pauses and removes data sources, and makes approval links."""
        return self.role in ADMINISTRATING


class Happening(models.Model):
    """Something a person (or the portal itself) did: a code and facts. Texts are made where it is shown.

    `source_id` is no foreign key: what happened stays told after a data source is removed.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="happenings")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    source_id = models.UUIDField(null=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects = WorkspaceQuerySet["Happening"].as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("workspace", "source_id", "-at"), name="happenings_of_a_source"),)
