"""Forms about alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.portal.alerts.models import OF_INSTALLATION, Kind
from tieout.portal.alerts.receivers import TOLD_OTHERWISE
from tieout.portal.people.models import Person

# What a person may turn off: not what they wished for, nor what is sent as the receipt of an approval.
CHOOSABLE = tuple(kind for kind in Kind if kind not in (*OF_INSTALLATION, *TOLD_OTHERWISE, Kind.PROVED))


class ChoicesForm(forms.Form):
    """What one person is told of."""

    kinds = forms.MultipleChoiceField(
        label=_("Tell me of"),
        choices=[(kind.value, kind.label) for kind in CHOOSABLE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    digest = forms.ChoiceField(
        label=_("Warnings"),
        choices=[("yes", _("Together in one e-mail, at seven in the morning")), ("no", _("At once, one by one"))],
        widget=forms.RadioSelect,
        help_text=_("Errors and news always come at once."),
    )

    @property
    def silenced(self) -> list[str]:
        """The kinds that were not ticked."""
        return [kind.value for kind in CHOOSABLE if kind.value not in self.cleaned_data["kinds"]]


class ReceiversForm(forms.Form):
    """Who is told, of a workspace or of one data source. Nobody ticked: the usual ones."""

    people = forms.MultipleChoiceField(label=_("Who is told"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, members: Sequence[Person], help_text: Any = "", **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(person.pk), f"{person} ({person.email})") for person in members]
        field.help_text = help_text
        self._members = members

    @property
    def chosen(self) -> list[Person]:
        """The people ticked."""
        return [person for person in self._members if str(person.pk) in self.cleaned_data["people"]]
