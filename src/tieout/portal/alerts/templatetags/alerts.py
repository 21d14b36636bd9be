"""What other apps' pages show of alerts."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from tieout.portal.alerts.queries import has_wish
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.queries import person_of

register = template.Library()


@register.simple_tag(takes_context=True)
def wishes_proof(context: template.Context, source: Source) -> bool:
    """Whether who looks is to be told when a source is proved."""
    request: HttpRequest = context["request"]
    return has_wish(source, person_of(request))
