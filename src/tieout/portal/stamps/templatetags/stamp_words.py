"""Filters for what became of postings: codes to words."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from tieout.portal.stamps.words import CHANGES
from tieout.warehouse.changes import Change

register = template.Library()


@register.filter
def changes_in_words(kinds: Iterable[Change]) -> str:
    return ", ".join(str(CHANGES[kind]) for kind in kinds)
