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
from tieout.portal.approvals.several import MOST_COMPANIES, WrongNumberError, asked, read_numbers

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
    more_numbers = forms.CharField(
        label=_("More organisation numbers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "inputmode": "numeric"}),
        help_text=_(
            "For several companies at once: one a line, or with commas between. The link stays open until each of them is "
            "approved, and takes no other. Whoever has it sees them all."
        ),
    )
    field_order = ("organisation_number", "more_numbers")

    def clean_more_numbers(self) -> list[str]:
        try:
            numbers = read_numbers(str(self.cleaned_data["more_numbers"]))
        except WrongNumberError as error:
            told = {"text": error.text}
            raise forms.ValidationError(
                _("%(text)s is no organisation number. Look for a typing error.") % told
            ) from error
        if len(numbers) >= MOST_COMPANIES:
            raise forms.ValidationError(_("Too many: at most %(n)s companies a link.") % {"n": MOST_COMPANIES})
        return numbers

    def wishes(self) -> dict[str, Any]:
        """What `make_link` takes. Only after the form was found valid."""
        told = dict(self.cleaned_data)
        numbers = list(dict.fromkeys(filter(None, [told["organisation_number"], *told.pop("more_numbers")])))
        if len(numbers) > 1:
            return told | {"organisation_number": "", "companies": asked(numbers)}
        return told | {"organisation_number": numbers[0] if numbers else ""}


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
