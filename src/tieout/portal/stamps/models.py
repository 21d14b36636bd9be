"""Stamps: people's acts that no source can give again, and so they lie in app.db with the figures of then."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from tieout.portal.sources.models import Source


class Stamp(models.Model):
    """What a company's books said on a date when somebody reported it. Never changed: `save` raises for one that is stored.

    `sync` is the warehouse's number of the last sync that had ended, `as_of` when it had (UTC). `figures` are rows of
    (account number or None, name, whether it is a result account, amount as text with its decimals): the trial balance's
    closing balances, debit positive, and under None what result accounts held before `year_start`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="stamps")
    name = models.CharField(max_length=100)
    on = models.DateField()
    year_start = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    sync = models.BigIntegerField()
    as_of = models.DateTimeField()
    verdict = models.CharField(max_length=20, blank=True)  # of the newest tie-out then
    figures: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        ordering = ("-on", "-made_at")
        constraints = (models.UniqueConstraint(fields=("source", "name"), name="one_stamp_of_a_name"),)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it, once. Raises ValueError the second time."""
        if not self._state.adding:
            raise ValueError("A stamp is never changed.")
        super().save(*args, **kwargs)
