"""Forms about data sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.portal.sources import schedules
from tieout.portal.sources.models import Source

if TYPE_CHECKING:
    SourceForm = forms.ModelForm[Source]
else:  # Django's own class takes no type at run time
    SourceForm = forms.ModelForm


class SettingsForm(SourceForm):
    """Name and schedule."""

    schedule = forms.ChoiceField(
        label=_("Schedule"),
        choices=schedules.choices,
        help_text=_(
            "Hours are Norwegian time. Each sync asks only for what changed; "
            "once a night all of it is looked through, for what was deleted."
        ),
    )

    class Meta:
        model = Source
        fields = ("name",)
        help_texts = {"name": _("Shown in lists. The company’s own name and number stay as they are.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["schedule"].initial = schedules.code_of(self.instance.interval_minutes, self.instance.hours)

    def chosen(self) -> dict[str, Any]:
        """What `change_settings` takes. Only after the form was found valid."""
        minutes, hours = schedules.read(self.cleaned_data["schedule"])
        return {"name": self.cleaned_data["name"], "interval_minutes": minutes, "hours": hours.value}


class TypedNameForm(forms.Form):
    """The name of what is removed, typed as a sign of meaning it."""

    name = forms.CharField(widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, data: Any, *, name: str, label: Any) -> None:
        super().__init__(data)
        self.fields["name"].label, self.fields["name"].help_text = label, name
        self._name = name

    def clean_name(self) -> str:
        typed: str = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != " ".join(self._name.split()).casefold():
            raise forms.ValidationError(_("That is not its name. Type it as it stands below."))
        return typed


class RemoveForm(TypedNameForm):
    """What becomes of a data source's data, and its name."""

    rows = forms.ChoiceField(
        choices=[("keep", ""), ("delete", "")], error_messages={"required": _("Choose what becomes of the data.")}
    )
