"""What pages of stamps ask."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from tieout.portal.sources.models import Source
from tieout.portal.stamps.models import Stamp


def stamps_of(source: Source) -> list[Stamp]:
    """All stamps of a data source, newest date first."""
    return list(Stamp.objects.filter(source=source).select_related("made_by"))


def get_stamp(source: Source, stamp_id: UUID) -> Stamp:
    """A stamp of this data source. Raises Http404 for any other."""
    return get_object_or_404(
        Stamp.objects.filter(source=source).select_related("made_by", "source__workspace"), pk=stamp_id
    )
