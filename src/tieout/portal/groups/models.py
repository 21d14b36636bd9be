"""Groups: named sets of a workspace's companies. A membership's scope may name them (decision 0013)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.portal.workspaces.models import Workspace, WorkspaceQuerySet


class GroupQuerySet(WorkspaceQuerySet["Group"]):
    """Groups. Who is limited to some companies meets those groups that hold one of them."""

    def in_workspace(self, workspace: Workspace) -> Self:
        return super().in_workspace(workspace).distinct()


class Group(models.Model):
    """Some companies under one name. Who sees the group sees every company in it, from the moment it is added."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("Name"), max_length=80)
    companies = models.ManyToManyField("sources.Source", blank=True, related_name="groups")

    company_field: ClassVar = "companies"

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("workspace", "name"), name="one_group_per_name"),)

    def __str__(self) -> str:
        return self.name
