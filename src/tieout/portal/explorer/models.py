"""Questions in SQL that people keep under a name, for themselves or for the workspace."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace, WorkspaceQuerySet

LONGEST_NAME = 80


class SavedQueryQuerySet(WorkspaceQuerySet["SavedQuery"]):
    """Saved questions of a workspace."""

    def seen_by(self, person: Person, workspace: Workspace) -> Self:
        """The person's own, and the shared ones; who is limited to some companies sees no text of others, which may name more."""
        own = Q(saved_by=person)
        return self.in_workspace(workspace).filter(own if workspace.companies is not None else own | Q(is_shared=True))


class SavedQuery(models.Model):
    """One question. Its text alone is kept: the answer is asked anew, within what the asker may see."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="saved_queries")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()
    name = models.CharField(max_length=LONGEST_NAME)
    sql = models.TextField()
    is_shared = models.BooleanField(default=False)

    objects = SavedQueryQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "saved_by", "name"), name="one_saved_query_a_name"),
        )

    def __str__(self) -> str:
        return self.name
