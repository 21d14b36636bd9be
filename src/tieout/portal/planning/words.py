"""What is wrong with an uploaded row, in words: what it means, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tieout.reports.uploaded import Problem

MOST_SHOWN = 50
WORDS = {
    "no_rows": gettext_lazy(
        "The file has no rows below its head. Write the names of the columns first, then a row a line."
    ),
    "too_many_rows": gettext_lazy("The file has more than %(most)s rows. Split it."),
    "too_large": gettext_lazy("The workbook is too large once unpacked. Take away what is not the table."),
    "no_workbook": gettext_lazy("This is no Excel workbook (.xlsx) that can be read. Save it anew as .xlsx or .csv."),
    "no_table": gettext_lazy("This is no CSV file that can be read. Save it anew as .xlsx or .csv."),
    "no_columns": gettext_lazy(
        "The head lacks these columns: %(columns)s. Add them, or begin with the file offered here."
    ),
    "not_synced": gettext_lazy("The company has no accounts here yet. Sync it first."),
    "no_amounts": gettext_lazy("There is neither a column amount nor a column for a month such as 2026-01. Add one."),
    "statement": gettext_lazy("“%(given)s” is no statement. Write income statement or balance sheet."),
    "order": gettext_lazy("“%(given)s” is no order. Write a whole number from 1; lines stand in that order."),
    "line_name": gettext_lazy("The line has no name, or a longer one than 120 letters."),
    "sign": gettext_lazy("“%(given)s” is no sign. Write debit where debit shows as positive, else credit."),
    "accounts": gettext_lazy(
        "“%(given)s” can’t be read. Write accounts as 3000-3999, 4500; on a balance sheet also result."
    ),
    "sum_from": gettext_lazy("“%(given)s” is no order. Write the order of the first line that the subtotal adds up."),
    "accounts_and_sum": gettext_lazy("A line has accounts or is a subtotal, not both. Empty one of the two."),
    "neither_accounts_nor_sum": gettext_lazy("The line has no accounts and is no subtotal. Fill in one of the two."),
    "order_twice": gettext_lazy(
        "Order %(order)s stands in row %(other)s already. Give each line of a statement its own."
    ),
    "account_twice": gettext_lazy(
        "Account %(account)s stands in row %(other)s already. An account stands once in a statement."
    ),
    "sum_of_nothing": gettext_lazy(
        "No line with accounts lies from order %(from)s up to %(order)s. Change the subtotal."
    ),
    "budget_account": gettext_lazy(
        "“%(given)s” is no income or cost account of this company. Correct it, or sync first if it is new."
    ),
    "unknown_account": gettext_lazy(
        "“%(given)s” is no account of this company. Correct it, or sync first if it is new."
    ),
    "grouping_twice": gettext_lazy("Account %(account)s stands in a row above already. An account has one code."),
    "grouping_code": gettext_lazy(
        "“%(given)s” is not a code of the tax authority’s list, or stands in another category."
    ),
    "department": gettext_lazy("The company has no department “%(given)s”. Write its code, or leave it empty."),
    "project": gettext_lazy("The company has no project “%(given)s”. Write its code, or leave it empty."),
    "month": gettext_lazy("“%(given)s” is no month. Write it as 2026-01."),
    "amount": gettext_lazy(
        "“%(given)s” is no amount, or might mean two. Write it as 1234.50 or 1234,50 with up to four decimals."
    ),
    "amount_twice": gettext_lazy(
        "Account %(account)s has an amount for %(month)s in row %(other)s already. Add the two up, or tell them apart "
        "by department or project."
    ),
}


def in_words(problems: Sequence[Problem]) -> list[str]:
    """A sentence each, with its row; how many more there are at the end."""
    told = [_in_words(one) for one in problems[:MOST_SHOWN]]
    more = len(problems) - MOST_SHOWN
    if more > 0:
        told.append(ngettext("And %(n)s more row.", "And %(n)s more rows.", more) % {"n": more})
    return told


def _in_words(problem: Problem) -> str:
    text = str(WORDS[problem.kind]) % problem.facts
    return _("Row %(row)s: %(text)s") % {"row": problem.row, "text": text} if problem.row else text
