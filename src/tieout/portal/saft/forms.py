"""Forms: what file to write, and a table of codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.portal.planning.forms import TableField
from tieout.portal.saft.queries import Years
from tieout.portal.saft.words import month_names


class WriteForm(forms.Form):
    """A fiscal year, months of it, and whom the tax authority may ask."""

    year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=int)
    first = forms.TypedChoiceField(label=_("From"), coerce=int)
    last = forms.TypedChoiceField(label=_("To"), coerce=int)
    contact = forms.CharField(
        label=_("Contact person"),
        max_length=100,
        help_text=_("Whom the tax authority may ask: first and last name. It stands in the file."),
    )

    def __init__(self, data: Any = None, *, years: Years, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"year": years.years[0][0], "first": 1, "last": 12} | initial)
        months = month_names(years.end_month)
        for name, choices in (("year", years.years), ("first", months), ("last", months)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = choices

    def clean_contact(self) -> tuple[str, str]:
        """First names, and the last one."""
        *first, last = self.cleaned_data["contact"].split()
        if not first:
            raise forms.ValidationError(_("The format asks for a first and a last name."))
        return " ".join(first), last

    def clean(self) -> dict[str, Any] | None:
        """Months must be a span."""
        told = super().clean() or self.cleaned_data
        if told.get("first") and told.get("last") and told["first"] > told["last"]:
            self.add_error("last", _("The last month comes before the first one. Choose another span."))
        return told


class CodesFileForm(forms.Form):
    """A table of codes."""

    file = TableField(
        help_text=_("Columns: account_no, code. Rows that say no in the column confirmed are left to the rule. "
                    "All rows are taken, or none if one is wrong."),
    )  # fmt: skip
