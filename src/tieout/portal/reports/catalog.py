"""The reports there are, each with its name in the address, what it is called, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tieout.portal.reports import lists, statements
from tieout.portal.reports.choice import Choice
from tieout.portal.reports.reading import Ask
from tieout.portal.reports.sheets import Sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LEDGER_SIGN = _("Ledger sign: debit is positive, credit negative.")
REPORT_SIGN = _(
    "Report sign: income, costs, results, assets, equity and debt are positive; costs are subtracted in results."
)
OWED_SIGN = _("Report sign: what is owed is positive.")
VAT_SIGN = _("Report sign: output and input VAT are positive; what is to be paid is output less input.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report: `make` gives its sheets."""

    name: str
    title: StrOrPromise
    says: StrOrPromise
    sign: StrOrPromise
    make: Callable[[Ask, Choice], list[Sheet]]
    is_compared: bool = False
    is_of_a_day: bool = False
    has_budget: bool = False
    has_layouts: bool = False
    is_searched: bool = False


REPORTS = {
    report.name: report
    for report in (
        Report(name="trial-balance", title=_("Trial balance"), says=_("Opening, movement and closing of each account."),
               sign=LEDGER_SIGN, make=statements.trial_balance, is_compared=True),
        Report(name="income-statement", title=_("Income statement"), says=_("Income, costs and result, line by line."),
               sign=REPORT_SIGN, make=statements.income_statement, is_compared=True, has_budget=True, has_layouts=True),
        Report(name="balance-sheet", title=_("Balance sheet"), says=_("Assets, equity and debt at the end of a month."),
               sign=REPORT_SIGN, make=statements.balance_sheet, is_compared=True, has_layouts=True),
        Report(name="receivables", title=_("Receivables by age"), says=_("What customers owe, and since when."),
               sign=OWED_SIGN, make=lists.receivables, is_of_a_day=True, is_searched=True),
        Report(name="payables", title=_("Payables by age"), says=_("What is owed to suppliers, and since when."),
               sign=OWED_SIGN, make=lists.payables, is_of_a_day=True, is_searched=True),
        Report(name="customers", title=_("By customer"), says=_("Revenue and margin of each customer."),
               sign=REPORT_SIGN, make=lists.margins("customer"), is_compared=True, is_searched=True),
        Report(name="projects", title=_("By project"), says=_("Revenue and margin of each project."),
               sign=REPORT_SIGN, make=lists.margins("project"), is_compared=True, is_searched=True),
        Report(name="departments", title=_("By department"), says=_("Revenue and margin of each department."),
               sign=REPORT_SIGN, make=lists.margins("department"), is_compared=True, is_searched=True),
        Report(name="products", title=_("By product"), says=_("Revenue and margin of each product."),
               sign=REPORT_SIGN, make=lists.margins("product"), is_compared=True, is_searched=True),
        Report(name="vat", title=_("VAT terms"), says=_("VAT by term and code, held against the VAT accounts."),
               sign=VAT_SIGN, make=lists.vat),
        Report(name="month-end", title=_("Month-end overview"), says=_("Results, liquidity and what to look at, month by month."),
               sign=REPORT_SIGN, make=lists.month_end),
        Report(name="between-companies", title=_("Between companies"),
               says=_("What the workspace’s companies owe one another, by the books of either."),
               sign=OWED_SIGN, make=lists.between, is_of_a_day=True),
    )
}  # fmt: skip
