"""The form of a stamp."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class StampForm(forms.Form):
    """A name and a date."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example: Board report, October."))
    on = forms.DateField(
        label=_("As of the end of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("What each account holds at the end of that day is kept exactly. A stamp is never changed."),
    )
