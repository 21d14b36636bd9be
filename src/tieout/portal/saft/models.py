"""SAF-T files that were written, with what their checks found, and the grouping codes that people confirmed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from tieout.portal.sources.models import Source


class SaftFile(models.Model):
    """A file that was written and checked. The file itself is kept for some days (`files.KEPT_DAYS`), this stays.

    Debit and credit are the file's totals in the company's currency. `found` are the first findings as (kind, facts) and
    `counts` how many there are of each kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="saft_files")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    fiscal_year = models.IntegerField()
    first_month = models.PositiveSmallIntegerField()  # of the fiscal year, 1 to 12
    last_month = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    transactions = models.BigIntegerField()
    lines = models.BigIntegerField()
    debit = models.DecimalField(max_digits=24, decimal_places=2)
    credit = models.DecimalField(max_digits=24, decimal_places=2)
    unconfirmed = models.IntegerField()  # accounts that were grouped by rule
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    found: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def findings(self) -> int:
        """How many things do not add up; 0 in a file that can be handed over."""
        return sum(self.counts.values())


class ConfirmedGrouping(models.Model):
    """Where a person says that an account belongs in the tax authority's statement. An account without one goes by rule."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="confirmed_groupings")
    account_no = models.BigIntegerField()
    category = models.CharField(max_length=60)
    code = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("account_no",)
        constraints = (models.UniqueConstraint(fields=("source", "account_no"), name="one_grouping_an_account"),)

    def __str__(self) -> str:
        return f"{self.account_no} {self.code}"
