"""Workspaces (the tenants), memberships with roles, and what people did (Happening)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model, covariant=True)


class WorkspaceQuerySet(models.QuerySet[Row]):
    """Rows that belong to a workspace. Every query of a page begins with `in_workspace`.

    A model that is about one company names the field in `company_field`: who is limited to some companies then meets the
    rows of those only, wherever the workspace came with the person's request.
    """

    def in_workspace(self, workspace: Workspace) -> Self:
        rows = self.filter(workspace=workspace)
        field = getattr(self.model, "company_field", None)
        if workspace.companies is None or field is None:
            return rows
        return rows.filter(**{f"{field}__in": workspace.companies})


class Workspace(models.Model):
    """One tenant: its data sources, its people, its warehouse file (named by `slug`, which never changes)."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Messages about a company go to its responsible person, and to the others only where it is still open a day later.
    responsible_first = models.BooleanField(default=False)

    requires_second_factor = models.BooleanField(default=False)  # nothing of it opens to who signs in without one
    removed_at = models.DateTimeField(null=True)  # nothing of it opens to anybody; the row goes when all else is gone

    companies: frozenset[UUID] | None = None  # those that the person of a request may see; None: all

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMINISTRATOR = "administrator", _("Administrator")
    READER = "reader", _("Reader")


ADMINISTRATING = (Role.OWNER, Role.ADMINISTRATOR)


class MembershipQuerySet(WorkspaceQuerySet["Membership"]):
    """Memberships, and which of them reach a company."""

    def seeing(self, source_id: UUID | None) -> Self:
        """Those that reach a company; for None: those that reach all."""
        reach = models.Q(is_limited=False)
        if source_id:
            reach |= models.Q(companies=source_id) | models.Q(groups__companies=source_id)
        return self.filter(reach).distinct()


def today() -> date:
    """The day by which access is told to last: the installation's, the same for every reader of it."""
    return timezone.localdate(timezone=ZoneInfo(settings.TIME_ZONE))


class LiveMemberships(models.Manager["Membership"]):
    """Memberships that hold now: the one place where access that has ended is told from access."""

    def get_queryset(self) -> MembershipQuerySet:
        rows = MembershipQuerySet(self.model, using=self._db)
        lasts = models.Q(until=None) | models.Q(until__gte=today())
        return rows.filter(lasts, deactivated_at=None, workspace__removed_at=None)

    def in_workspace(self, workspace: Workspace) -> MembershipQuerySet:
        return self.get_queryset().in_workspace(workspace)


class Membership(models.Model):
    """A person's role in a workspace and the companies it holds for: all, or those named and those in groups. Owners have all.

    `objects` are those that hold now, for every question of who may do what; `every` are those that have ended too.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    is_limited = models.BooleanField(default=False)  # to `companies` and `groups`, also when none is left of them
    companies = models.ManyToManyField("sources.Source", blank=True, related_name="+")
    groups = models.ManyToManyField("groups.Group", blank=True, related_name="memberships")
    until = models.DateField(null=True, blank=True)  # the last day of access, in the installation's zone; None: no end
    deactivated_at = models.DateTimeField(null=True)  # by an owner, who can take it back
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LiveMemberships()
    every = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "person"), name="one_role_per_workspace"),)

    @property
    def has_ended(self) -> bool:
        """Whether it gives nothing any more: deactivated, or its last day is over."""
        return self.deactivated_at is not None or (self.until is not None and self.until < today())

    def scope(self) -> frozenset[UUID] | None:
        """Ids of the companies that this person may see; None: all."""
        if not self.is_limited:
            return None
        named = self.companies.order_by().values_list("pk", flat=True)
        grouped = self.groups.order_by().filter(companies__isnull=False).values_list("companies", flat=True)
        return frozenset(named.union(grouped))

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

    company_field: ClassVar = "source_id"

    objects = WorkspaceQuerySet["Happening"].as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("workspace", "source_id", "-at"), name="happenings_of_a_source"),)
