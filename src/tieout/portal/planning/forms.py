"""Forms that take a table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

MOST_MEGABYTES = 10
REPORT_SIGN, LEDGER_SIGN = "report", "ledger"


class TableField(forms.FileField):
    """An .xlsx or .csv file."""

    def __init__(self, **told: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ".xlsx,.csv"})
        super().__init__(label=told.pop("label", _("File (.xlsx or .csv)")), widget=widget, **told)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if file is not None and (file.size or 0) > MOST_MEGABYTES * 1024**2:
            raise forms.ValidationError(_("The file is larger than %(n)s MB.") % {"n": MOST_MEGABYTES})
        if file is not None and not str(file.name).lower().endswith((".xlsx", ".csv")):
            raise forms.ValidationError(_("Only .xlsx and .csv files can be read. Save it as one of them."))
        return file


class NewLayoutForm(forms.Form):
    """A layout's name, and its lines in a file."""

    name = forms.CharField(label=_("Name"), max_length=80)
    file = TableField(
        required=False,
        help_text=_("Columns: statement, order, line, accounts, sign, sum from. Without a file it begins with the "
                    "lines of the Norwegian Accounting Act, to be changed on its page."),
    )  # fmt: skip


class NameForm(forms.Form):
    """What a layout is called."""

    name = forms.CharField(label=_("Name"), max_length=80)


class LinesFileForm(forms.Form):
    """A file in place of a layout's lines."""

    file = TableField(help_text=_("All lines are replaced, or none if a row is wrong."))


class BudgetForm(forms.Form):
    """A company's budget in a file."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Source.objects.none(), empty_label=None)
    sign = forms.ChoiceField(
        label=_("Sign of the amounts"),
        choices=(
            (REPORT_SIGN, _("As in a report: income positive, costs positive")),
            (LEDGER_SIGN, _("As in the ledger: income negative, costs positive")),
        ),
    )
    file = TableField(
        help_text=_("Columns: account, month, amount, and if wanted department and project (codes); or account and a "
                    "column a month, such as 2026-01. It replaces the budget of the fiscal years that it has amounts for."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, workspace: Workspace) -> None:
        super().__init__(data, files)
        field = self.fields["company"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Source.objects.in_workspace(workspace).order_by("name")
