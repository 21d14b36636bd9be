"""Forms about webhooks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.portal.webhooks.addresses import LONGEST, AddressRefusedError, check
from tieout.portal.webhooks.models import CHOSEN, EventType, Form


class EndpointForm(forms.Form):
    """A new webhook."""

    name = forms.CharField(label=_("Name"), max_length=100)
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("An https address. It is stored encrypted and shown to nobody again."),
    )
    form = forms.ChoiceField(label=_("What reads it"), choices=Form.choices, initial=Form.SIGNED)
    types = forms.MultipleChoiceField(
        label=_("What is told"),
        choices=[(kind.value, kind.label) for kind in CHOSEN],
        initial=[EventType.INCIDENT_OPENED.value, EventType.INCIDENT_CLOSED.value],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_url(self) -> str:
        """The address, if webhooks may go there."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            check(url)
        except AddressRefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return url
