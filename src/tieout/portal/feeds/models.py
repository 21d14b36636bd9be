"""Tokens by which Excel, Power BI and programs read, and by which the API is called, in a person's name."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tieout.portal.encryption import Place
from tieout.portal.workspaces.models import WorkspaceQuerySet


class Scope(models.TextChoices):
    """What a token may at most; its person's role and companies may allow less. Feeds are read with either."""

    READ = "read", _("Read")
    MANAGE = "manage", _("Read and change what I may change")


class FeedToken(models.Model):
    """Opens feeds and the API in a person's name. Kept as a hash; `shown` are its first letters, by which one knows it again.

    `companies`: none chosen means all of the workspace.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="feed_tokens")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_tokens")
    name = models.CharField(max_length=100)
    shown = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.READ)
    companies = models.ManyToManyField("sources.Source", blank=True, related_name="+")
    is_limited = models.BooleanField(default=False)  # to companies that were chosen, also when those have been removed
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = WorkspaceQuerySet["FeedToken"].as_manager()

    class Meta:
        ordering = ("-made_at", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    def place(self) -> Place:
        """Where the secret is kept for the one page that shows it."""
        return Place(workspace=str(self.workspace_id), owner=str(self.pk), field="feed_token")
