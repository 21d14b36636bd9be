"""`{% try_to_break_it %}` on a data source's page: the strip in the demo, nothing elsewhere."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tieout.portal.trials.told import strip_of

register = template.Library()


@register.simple_tag(takes_context=True)
def try_to_break_it(context: RequestContext) -> SafeString | str:
    """Needs `source` and `can_administer` in the page's context."""
    if not settings.TIEOUT.demo_control or not context.get("can_administer"):
        return ""
    request: Any = context["request"]
    return render_to_string("trials/strip.html", strip_of(request, context["source"]), request=request)
