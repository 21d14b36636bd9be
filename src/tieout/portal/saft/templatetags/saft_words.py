"""Words of SAF-T pages in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of_month(names: Mapping[int, str], place: int) -> str:
    """A month's name by its place in the fiscal year; the place where names are not known."""
    return names.get(place, str(place)) if names else str(place)
