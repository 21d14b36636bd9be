"""People, and the one-time links by which they make their account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tieout.portal.workspaces.models import Role, WorkspaceQuerySet


class PersonManager(BaseUserManager["Person"]):
    """Makes people. E-mail addresses are kept in small letters."""

    def create_person(self, email: str, password: str, **more: Any) -> Person:
        """A person who can sign in. The password is stored as a hash."""
        person = self.model(email=email.strip().lower(), **more)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Theme(models.TextChoices):
    SYSTEM = "system", _("System")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is said by their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(max_length=50, default=settings.TIME_ZONE)
    theme = models.CharField(max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_email"),)

    def __str__(self) -> str:
        return self.name or self.email


class Invitation(models.Model):
    """A one-time link into a workspace with a role. Only the token's hash is stored.

    With an `email` it is for that address alone, and lets in who has an account there already; without one it is the first
    owner's, and makes whichever account.
    """

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateField(null=True, blank=True)  # the last day of access of whoever comes in; None: no end
    is_limited = models.BooleanField(default=False)  # whoever comes in sees `companies` and `groups` only
    companies = models.ManyToManyField("sources.Source", blank=True, related_name="+")
    groups = models.ManyToManyField("groups.Group", blank=True, related_name="+")

    objects = WorkspaceQuerySet["Invitation"].as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
