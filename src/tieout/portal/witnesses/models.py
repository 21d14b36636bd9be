"""Tables of witnesses: what a file said of a data source. The file itself is not kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

DIFFERENCES_KEPT = 1000  # of accounts and of vouchers each; how many there were is kept beside them


class Witness(models.Model):
    """One file held against what was stored at that moment. Amounts in the JSON are whole øre, debit positive."""

    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, related_name="witnesses")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the XML, unzipped
    software = models.CharField(max_length=200, blank=True)
    first = models.DateField()
    last = models.DateField()
    agrees = models.BooleanField()
    accounts = models.PositiveIntegerField()
    vouchers_equal = models.PositiveIntegerField()
    vouchers_renumbered = models.PositiveIntegerField()
    accounts_apart = models.PositiveIntegerField()
    vouchers_apart = models.PositiveIntegerField()
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)  # "accounts", "vouchers", "contradictions": rows

    class Meta:
        ordering = ("-at", "-id")
