"""The latest witness of a data source, for the proof page."""

from __future__ import annotations

from typing import Any

from django import template

from tieout.portal.sources.models import Source
from tieout.portal.witnesses.models import Witness

register = template.Library()


@register.inclusion_tag("witnesses/partials/latest.html")
def latest_witness(source: Source) -> dict[str, Any]:
    """What the last file said, who gave it and when; nothing where there was none."""
    return {"source": source, "witness": Witness.objects.filter(source=source).select_related("by").first()}
