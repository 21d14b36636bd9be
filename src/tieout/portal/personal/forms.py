"""The form with a choice for each kind of personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.catalog import Choice, Personal

KINDS = {
    Personal.PEOPLE: (
        _("People"),
        _(
            "Names, addresses, e-mail and telephone of customers and suppliers that are persons, contact persons, employees."
        ),
    ),
    Personal.IDENTITY: (_("Identity"), _("National identity numbers and dates of birth.")),
    Personal.BANK_ACCOUNTS: (_("Bank accounts"), _("The accounts that customers paid from.")),
    Personal.PAYROLL_TEXTS: (
        _("Payroll texts"),
        _(
            "Descriptions of payroll vouchers and of postings that name an employee. Accounts and amounts are never hidden."
        ),
    ),
}
CHOICES = [
    (Choice.FETCHED.value, _("Fetched")),
    (Choice.HIDDEN.value, _("Hidden")),
    (Choice.NOT_FETCHED.value, _("Not fetched")),
]


class PersonalForm(forms.Form):
    """One field for each kind, by its code."""

    def __init__(self, data: Any, *, choices: Mapping[Personal, Choice]) -> None:
        super().__init__(data)
        for kind, (title, what) in KINDS.items():
            self.fields[kind.value] = forms.ChoiceField(
                label=title, help_text=what, choices=CHOICES, initial=choices[kind].value
            )

    def chosen(self) -> dict[Personal, Choice]:
        """What `choose` takes. Only after the form was found valid."""
        return {kind: Choice(self.cleaned_data[kind.value]) for kind in KINDS}
