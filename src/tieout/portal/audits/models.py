"""Entries of the audit log. The database itself refuses to change them; see `triggers.py`."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from tieout.portal.workspaces.models import WorkspaceQuerySet


class AppendOnlyError(TypeError):
    """The audit log is added to and never changed. Nothing was changed."""


class EntryQuerySet(WorkspaceQuerySet["Entry"]):
    """Entries can be read and added."""

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError

    def older_than(self, before: Any) -> Self:
        """What retention may take."""
        return self.filter(at__lt=before)


class Entry(models.Model):
    """One thing that somebody did, or that was tried: a code and facts, never a secret. Texts are made where it is shown.

    Workspace and person are no constraints of the database: an entry outlives both. `who` is the name and e-mail of then.
    """

    workspace = models.ForeignKey(
        "workspaces.Workspace", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    who = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=45, blank=True)  # of the client; empty: the portal itself, or a command
    source_id = models.UUIDField(null=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("workspace", "-at"), name="audits_of_a_workspace"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError
