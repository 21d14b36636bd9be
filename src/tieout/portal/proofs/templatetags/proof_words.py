"""Filters of the proof's pages: months, findings and names in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from tieout.portal.proofs.board import Cell, Readiness
from tieout.portal.proofs.months import Month
from tieout.portal.syncs import words
from tieout.portal.syncs.templatetags.sync_words import short_day
from tieout.portal.templatetags.figures import count
from tieout.portal.templatetags.marks import exact

register = template.Library()
OUTCOMES: dict[str, Any] = {
    "agrees": _("agrees"),
    "mended": _("agrees, mended"),
    "could_not_check": _("couldn’t check"),
    "before": _("before the books began"),
    "after": _("not begun"),
    "": _("not compared by itself"),
}

READINESS = {
    Readiness.NEEDS_YOU: _("Needs you"),
    Readiness.NOT_READY: _("Not ready"),
    Readiness.READY: _("Ready to close"),
}
STANDS: dict[str, Any] = {
    "differs": _("differs"),
    "could_not_check": _("couldn’t check"),
    "not_applicable": _("not applicable"),
    "": _("not compared"),
}


@register.filter
def month_words(month: Month) -> str:
    """A cell of the heat map: "October 2026: 3 accounts differ, 31 Oct 2026, checked 1 Nov 2026, 02:10; locked"."""
    said = date_format(month.first, "F Y")
    if month.at is None:
        text = f"{said}: {OUTCOMES[month.outcome]}"
    else:
        checked = gettext("checked %(at)s") % {"at": exact(month.at.made_at)}
        text = f"{said}: {_outcome(month)}, {short_day(month.at.on)}, {checked}"
    return f"{text}; {pgettext('month', 'locked')}" if month.is_locked else text


def _outcome(month: Month) -> str:
    if month.outcome != "differs" or month.at is None:
        return str(OUTCOMES.get(month.outcome, month.outcome))
    many = month.at.differing
    return ngettext("%(n)s account differs", "%(n)s accounts differ", many) % {"n": count(many)}


@register.filter
def readiness_words(readiness: Readiness) -> str:
    """The head of a group of the close board."""
    return str(READINESS[readiness])


@register.filter
def cell_words(cell: Cell) -> str:
    """A cell of the close board: "3 of 214", "214", or why there is no figure."""
    if cell.outcome == "differs" and cell.compared:
        return gettext("%(some)s of %(all)s differ") % {"some": count(cell.differing), "all": count(cell.compared)}
    if cell.outcome == "agrees":
        return gettext("%(n)s agree") % {"n": count(cell.compared)}
    return str(STANDS.get(cell.outcome, STANDS[""]))


@register.filter
def shape_title(shape: Any) -> str:
    """What a finding turned out to be, in words."""
    return str(words.SHAPES.get(str(shape), str(shape)))


@register.filter
def called(names: Mapping[int, str], number: int) -> str:
    """The name that belongs to a number."""
    return names.get(number, "")
