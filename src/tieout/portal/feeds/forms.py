"""The form that makes a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tieout.portal.feeds.models import Scope
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace


class TokenForm(forms.Form):
    """Name, what it may, companies and how long it lives."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example the report that reads by it."))
    scope = forms.ChoiceField(
        label=pgettext_lazy("what a token may", "May"),
        choices=Scope.choices,
        initial=Scope.READ,
        help_text=_("Excel and Power BI need to read only. Never more than your role lets you do."),
    )
    companies = forms.ModelMultipleChoiceField(
        label=_("Companies"),
        queryset=Source.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of this workspace, also those that come later."),
    )
    days = forms.TypedChoiceField(
        label=_("Lives"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("A year"))],
        coerce=int,
        initial=365,
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["companies"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Source.objects.in_workspace(workspace).order_by("name")

    def clean_scope(self) -> str:
        """What was not said is the least."""
        return self.cleaned_data["scope"] or Scope.READ
