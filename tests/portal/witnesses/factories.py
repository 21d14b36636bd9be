"""Witnesses that nobody had to hear."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tieout.portal.sources.models import Source
from tieout.portal.witnesses.models import Witness


def make_witness(source: Source) -> Witness:
    """A file that agreed, with nothing in it."""
    counts = ("accounts", "vouchers_equal", "vouchers_renumbered", "accounts_apart", "vouchers_apart")
    return Witness.objects.create(
        source=source,
        at=timezone.now(),
        file_name="x.xml",
        sha256="0" * 64,
        first=date(2026, 1, 1),
        last=date(2026, 1, 31),
        agrees=True,
        facts={"accounts": [], "vouchers": [], "contradictions": []},
        **dict.fromkeys(counts, 0),
    )
