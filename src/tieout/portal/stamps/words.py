"""What happened to postings, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tieout.warehouse.changes import Change

CHANGES = {
    Change.ARRIVED: _("arrived"),
    Change.REVERSAL: _("arrived, reverses another"),
    Change.CORRECTION: _("arrived, corrects another"),
    Change.CHANGED: _("changed"),
    Change.REVERSED: _("reversed by another"),
    Change.GONE: _("gone"),
}
