"""Forms of the wizard, of approval links and of keys."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.connectors.base import Secret
from tieout.ledger.organisation_number import is_valid, normalise
from tieout.portal.approvals.models import NOTE_LENGTH

VALIDITIES = {
    "1h": (_("1 hour"), timedelta(hours=1)),
    "1d": (_("1 day"), timedelta(days=1)),
    "3d": (_("3 days"), timedelta(days=3)),
    "7d": (_("7 days"), timedelta(days=7)),
    "14d": (_("14 days"), timedelta(days=14)),
    "30d": (_("30 days"), timedelta(days=30)),
}
LINK = re.compile(r"://|\bwww\.|\b[\w-]+\.[a-z]{2,}/", re.IGNORECASE)


class OrganisationNumberField(forms.CharField):
    """A typed organisation number, normalised; its check digit is asked for."""

    def __init__(self, **more: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Organisation number of the company"),
            "required": False,
            "max_length": 24,
            "help_text": _("Only this company can be connected, whoever approves. Leave it empty to choose there."),
        }
        super().__init__(**defaults | more)
        self.widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "off",
            "data-organisation-number": "",
            "data-valid": _("The check digit agrees"),
            "data-invalid": _("The check digit doesn’t agree"),
        }

    def clean(self, value: Any) -> str:
        number = normalise(super().clean(value))
        if number and not is_valid(number):
            raise forms.ValidationError(
                _("This is no organisation number: nine digits, of which the last is a check. Look for a typing error.")
            )
        return number


class HowForm(forms.Form):
    """Which company, and who approves."""

    organisation_number = OrganisationNumberField()
    how = forms.ChoiceField(
        choices=(("myself", _("I want to do it myself")), ("share", _("Share a link with a non-Tieout user"))),
        error_messages={"required": _("Choose who approves.")},
    )


class LinkForm(forms.Form):
    """What an approval link says, and for how long it holds."""

    recipient_name = forms.CharField(label=_("Who will approve?"), max_length=100, required=False)
    recipient_email = forms.EmailField(label=_("E-mail"), required=False)
    valid_for = forms.ChoiceField(
        label=_("Valid for"), choices=[(code, label) for code, (label, _span) in VALIDITIES.items()], initial="7d"
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown as a quotation. No links; at most 300 characters."),
    )

    def clean_valid_for(self) -> timedelta:
        return VALIDITIES[self.cleaned_data["valid_for"]][1]

    def clean_note(self) -> str:
        note = " ".join(str(self.cleaned_data["note"]).split())
        if LINK.search(note):
            raise forms.ValidationError(_("A note can’t hold a link: people should not follow links from strangers."))
        return note


class NewLinkForm(LinkForm):
    """A link for a company that is not yet a data source."""

    organisation_number = OrganisationNumberField()
    field_order = ("organisation_number",)


class SendForm(forms.Form):
    """Where to e-mail a link that was just made. The token comes back from the page, the only place that has it."""

    token = forms.CharField(widget=forms.HiddenInput)
    email = forms.EmailField(label=_("E-mail"))


class KeyForm(forms.Form):
    """A client key that somebody has already. It is never shown again, not even after an error."""

    client_key = forms.CharField(
        label=_("Client key"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Stored encrypted, never shown again."),
    )

    def clean_client_key(self) -> Secret:
        return Secret(str(self.cleaned_data["client_key"]).strip())
