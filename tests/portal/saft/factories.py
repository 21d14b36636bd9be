"""Files that were written, as tests need them."""

from __future__ import annotations

from datetime import datetime

from tieout.portal.saft.models import SaftFile
from tieout.portal.sources.models import Source


def make_file(source: Source, at: datetime) -> SaftFile:
    """What is kept of a file of January 2026 that had nothing in it."""
    return SaftFile.objects.create(
        source=source,
        made_at=at,
        fiscal_year=2026,
        name="x.xml",
        sha256="0" * 64,
        **dict.fromkeys(("first_month", "last_month"), 1),
        **dict.fromkeys(("bytes", "transactions", "lines", "debit", "credit", "unconfirmed"), 0),
    )
