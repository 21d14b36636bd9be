"""Forms of groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.portal.groups.models import Group
from tieout.portal.sources.models import Source


class NameForm(forms.Form):
    """What a group is called."""

    name = forms.CharField(label=_("Name"), max_length=80)


class GroupForm(NameForm):
    """A group's name, and the companies in it."""

    companies = forms.ModelMultipleChoiceField(
        label=_("Companies"),
        queryset=Source.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple({"data-find": _("Find a company")}),
    )

    def __init__(self, data: Any, *, group: Group) -> None:
        inside = list(group.companies.values_list("pk", flat=True))
        super().__init__(data, initial={"name": group.name, "companies": inside})
        field = self.fields["companies"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Source.objects.in_workspace(group.workspace).order_by("name")
