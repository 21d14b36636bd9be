"""Reports that are lists: receivables and payables by age, margins, VAT, and the months' overview. Report sign throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tieout.portal.reports.choice import Choice, end_of
from tieout.portal.reports.reading import Ask, Row
from tieout.portal.reports.sheets import Bar, Chart, Column, Line, Sheet, share, spanning, totalled
from tieout.portal.templatetags.marks import day

BUCKETS = ("not_due", "overdue_1_to_30", "overdue_31_to_60", "overdue_61_to_90", "overdue_more_than_90")


def receivables(ask: Ask, choice: Choice) -> list[Sheet]:
    """What customers owe, by age."""
    return _ageing(ask, choice, "receivables", _("Receivables by age"), _("Customer"))


def payables(ask: Ask, choice: Choice) -> list[Sheet]:
    """What is owed to suppliers, by age."""
    return _ageing(ask, choice, "payables", _("Payables by age"), _("Supplier"))


def _ageing(ask: Ask, choice: Choice, name: str, title: str, label: str) -> list[Sheet]:
    ledger = name.removesuffix("s")
    titles = (_("Not due"), _("1–30 days"), _("31–60 days"), _("61–90 days"), _("Over 90 days"))
    columns = [
        *_company_column(choice),
        *(Column(name=bucket, title=word) for bucket, word in zip(BUCKETS, titles, strict=True)),
        Column(name="total", title=_("Total"), where=spanning(None, choice.at)),
        Column(name="oldest_days_overdue", title=_("Oldest, days"), kind="count", is_added=False),
    ]
    lines = [
        Line(
            label=row["party"] or str(row["number"]),
            key=f"{row['company_id']} {row['number']}",
            values=row,
            what={"ledger": ledger, "party": row["number"], "company": row["company_id"]},
            address=reverse("reports:card", args=[name, row["company_id"], row["number"]]),
        )
        for row in ask(name, **choice.values)
    ]
    if lines:
        lines.append(totalled(_("Total"), columns, lines))
    bars = (
        [Bar(label=word, value=lines[-1].values[key]) for key, word in zip(BUCKETS, titles, strict=True)]
        if lines
        else []
    )
    chart = Chart(title=_("%(title)s at %(day)s") % {"title": title, "day": day(choice.at)}, bars=bars)
    return [Sheet(title=title, label=label, columns=columns, lines=lines, charts=[chart] if bars else [])]


def margins(by: str) -> Callable[[Ask, Choice], list[Sheet]]:
    """The report of margins by "customer", "project", "department" or "product"."""

    def report(ask: Ask, choice: Choice) -> list[Sheet]:
        within = spanning(choice.since, choice.until)
        columns = [
            *_company_column(choice),
            Column(name="revenue", title=_("Revenue"), where=within | {"line": "total_operating_income"}),
            Column(name="cost_of_goods", title=_("Cost of goods"), where=within | {"line": "cost_of_goods"}),
            Column(name="gross_margin", title=_("Gross margin"), where=within),
            Column(name="margin_share", title=_("Margin, %"), kind="share"),
        ]
        if choice.before_first and choice.before_last:
            before = spanning(choice.before_first, end_of(choice.before_last)) | {"line": "total_operating_income"}
            title = _("Revenue, %(span)s") % {"span": choice.before_title}
            columns.append(Column(name="before_revenue", title=title, where=before))
        lines = [_margin(row, by) for row in ask(f"revenue_by_{by}", **choice.values)]
        if lines:
            total = totalled(_("Total"), columns, lines)
            whole = dict(total.values)
            whole["margin_share"] = share(whole["gross_margin"], whole["revenue"])
            lines.append(Line(label=total.label, values=whole, style="total", adds=total.adds))
        words = by_words()[by]
        return [Sheet(title=words[0], label=words[1], columns=columns, lines=lines)]

    return report


def by_words() -> dict[str, tuple[str, str]]:
    """What margins are called by each thing, and what the thing is called."""
    return {
        "customer": (_("Revenue and margin by customer"), _("Customer")),
        "project": (_("Revenue and margin by project"), _("Project")),
        "department": (_("Revenue and margin by department"), _("Department")),
        "product": (_("Revenue and margin by product"), _("Product")),
    }


def _margin(row: Row, by: str) -> Line:
    number = row["number"]
    return Line(
        label=row["label"] if number is not None else _("Not assigned"),
        key=f"{row['company_id']} {number}",
        values=row | {"margin_share": share(row["gross_margin"], row["revenue"])},
        what={"by": by, "company": row["company_id"]} | ({"number": number} if number is not None else {}),
    )


def vat(ask: Ask, choice: Choice) -> list[Sheet]:
    """VAT by term, held against what the VAT accounts moved, and by code."""
    titles = {
        "output_vat": _("Output VAT"),
        "input_vat": _("Input VAT"),
        "vat_payable": _("To pay"),
        "moved_on_accounts": _("Moved on accounts"),
        "difference": _("Difference"),
        "basis": _("Basis"),
    }

    def columns(*names: str) -> list[Column]:
        return [*_company_column(choice), *(Column(name=name, title=titles[name]) for name in names)]

    terms = columns("output_vat", "input_vat", "vat_payable", "moved_on_accounts", "difference")
    codes = [
        Column(name="vat_term", title=_("Term"), kind="text"),
        *columns("basis", "output_vat", "input_vat", "vat_payable"),
    ]
    by_term = [
        Line(label=row["vat_term"], key=f"{row['company_id']} {row['vat_term']}", values=row)
        for row in ask("vat_terms", **choice.values)
    ]
    by_code = [_vat_code(row) for row in ask("vat_codes", **choice.values)]
    return [
        Sheet(title=_("VAT by term"), label=_("Term"), columns=terms, lines=_with_total(terms, by_term)),
        Sheet(title=_("VAT by code"), label=_("VAT code"), columns=codes, lines=_with_total(codes, by_code)),
    ]


def _vat_code(row: Row) -> Line:
    code = {"company": row["company_id"], "vat_code": row["vat_code"] or ""}
    within = spanning(row["term_first_day"], row["term_last_day"])
    return Line(
        label=row["vat"] or row["vat_code"] or _("No VAT code"),
        key=f"{row['company_id']} {row['vat_term']} {row['vat_code']}",
        values=row,
        address=f"{reverse('reports:postings')}?{urlencode(code | within)}",
    )


def month_end(ask: Ask, choice: Choice) -> list[Sheet]:
    """What one looks at when a month is closed, a line a month."""
    states = {"locked": _("Locked"), "open": pgettext("a period", "Open"), "partly locked": _("Partly locked")}
    columns = [
        Column(name="state", title=_("Period"), kind="text"),
        Column(name="postings", title=_("Postings"), kind="count"),
        Column(name="revenue", title=_("Operating income")),
        Column(name="operating_result", title=_("Operating result")),
        Column(name="result", title=_("Annual result")),
        Column(name="bank_and_cash", title=_("Bank and cash"), is_added=False),
        Column(name="receivables", title=_("Receivables"), is_added=False),
        Column(name="payables", title=_("Payables"), is_added=False),
        Column(name="vat_owed", title=_("VAT owed"), is_added=False),
        Column(name="balance_difference", title=_("Books do not balance by"), is_added=False),
        Column(name="subledger_difference", title=_("Subledgers differ by"), is_added=False),
    ]
    rows = ask("month_end", **choice.values)
    lines = [
        Line(
            label=date_format(row["month"], "F Y"),
            key=row["month"].isoformat(),
            values=row | {"state": states.get(row["state"], row["state"])},
        )
        for row in rows
    ]
    charts = [
        Chart(
            title=title,
            bars=[Bar(label=date_format(row["month"], "M y"), value=row[name] or Decimal(0)) for row in rows],
        )
        for name, title in (("result", _("Result by month")), ("bank_and_cash", _("Bank and cash at each month’s end")))
    ]
    return [
        Sheet(
            title=_("Month-end overview"),
            label=_("Month"),
            columns=columns,
            lines=_with_total(columns, lines),
            charts=charts if rows else [],
        )
    ]


def between(ask: Ask, choice: Choice) -> list[Sheet]:
    """What companies that are added up owe one another, by the books of either."""
    names = {row["company_id"]: str(row["company"]) for row in choice.companies}
    until = spanning(None, choice.at) | {"between": "1", "kind": "party"}
    columns = [
        Column(name="other", title=_("Owed by"), kind="text"),
        Column(name="balance", title=_("By its own books"), where=until),
        Column(name="by_other", title=_("By the other’s books")),
        Column(name="difference", title=_("Difference")),
    ]
    lines = [
        Line(
            label=names[row["company_id"]],
            key=f"{row['company_id']} {row['other_id']}",
            values=row | {"other": names[row["other_id"]]},
            what={"company": row["company_id"], "other": row["other_id"]},
        )
        for row in ask("between", **choice.values)
    ]
    lines.sort(key=lambda line: (line.label.casefold(), line.values["other"].casefold()))
    return [
        Sheet(
            title=_("Between companies"), label=_("Company"), columns=columns, lines=_with_total(columns, lines),
            legend=_("Companies know one another by organisation number. A negative amount is owed the other way."),
        )
    ]  # fmt: skip


def _with_total(columns: Sequence[Column], lines: list[Line]) -> list[Line]:
    return [*lines, totalled(_("Total"), columns, lines)] if lines else []


def _company_column(choice: Choice) -> list[Column]:
    """Whose row it is, where several companies' rows stand in one list."""
    return [Column(name="company", title=_("Company"), kind="text")] if len(choice.companies) > 1 else []
