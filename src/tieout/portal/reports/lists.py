"""Reports that are lists: receivables and payables by age, margins, VAT, and the months' overview. Report sign throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tieout.portal.reports.choice import Choice, end_of
from tieout.portal.reports.postings import AGES
from tieout.portal.reports.reading import Ask, Row
from tieout.portal.reports.sheets import ZERO, Bar, Chart, Column, Line, Sheet, share, spanning, totalled
from tieout.portal.templatetags.marks import day

POSTINGS, OPEN_ITEMS = "reports:postings", "reports:open_items"
# What VAT figures lead to: postings with a code (their VAT is the figure's), or those on the VAT accounts.
VAT_DRILLS: dict[str, dict[str, str]] = {
    "output_vat": {"vat": "output"},
    "input_vat": {"vat": "input"},
    "vat_payable": {"vat": "payable"},
    "moved_on_accounts": {"vat_accounts": "moved"},
    "basis": {},
}
NO_MARGIN = dict.fromkeys(("revenue", "cost_of_goods", "gross_margin", "before_revenue"), ZERO)
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
    buckets = list(zip(BUCKETS, titles, AGES, strict=True))
    at = {"at": choice.at.isoformat()}
    columns = [
        *_company_column(choice),
        *(Column(name=bucket, title=word, where=at | {"age": age}, page=OPEN_ITEMS) for bucket, word, age in buckets),
        Column(name="total", title=_("Total"), where=at, page=OPEN_ITEMS),
        Column(name="oldest_days_overdue", title=_("Oldest, days"), kind="count", is_added=False),
    ]
    parties = "customer" if ledger == "receivable" else "supplier"
    found = [row | {"label": row["party"] or str(row["number"])} for row in ask(name, **choice.values)]
    lines = [
        Line(
            label=row["label"],
            key=f"{row['company_id']} {row['number']}",
            values=row,
            what={"ledger": ledger, "party": row["number"], "company": row["company_id"]},
            address=reverse("reports:card", args=[name, row["company_id"], row["number"]]),
        )
        for row in _narrowed(ask, choice, parties, found, dict.fromkeys((*BUCKETS, "total"), ZERO))
    ]
    if lines:
        what = {"ledger": ledger} if not choice.search else None
        lines.append(totalled(_("Total"), columns, lines, what=what))
    bars = [Bar(label=word, value=lines[-1].values[key]) for key, word, _age in buckets] if lines else []
    chart = Chart(title=_("%(title)s at %(day)s") % {"title": title, "day": day(choice.at)}, bars=bars)
    return [Sheet(title=title, label=label, columns=columns, lines=lines, charts=[chart] if bars else [])]


def _narrowed(ask: Ask, choice: Choice, by: str, rows: Sequence[Row], nothing: Row) -> list[Row]:
    """Rows whose label holds what is searched for, then those of that name that have no figures here."""
    names = {row["company_id"]: row["company"] for row in choice.companies}
    if not choice.search:
        return [row | {"company": names[row["company_id"]]} for row in rows]
    named = {
        (row["company_id"], row["number"]): row for row in ask("found", by=by, search=choice.search, **choice.values)
    }
    kept = [row for row in rows if choice.finds(row["label"]) or (row["company_id"], row["number"]) in named]
    seen = {(row["company_id"], row["number"]) for row in kept}
    kept += [row | nothing for key, row in named.items() if key not in seen]
    return [row | {"company": names[row["company_id"]]} for row in kept]


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
        rows = [row | {"label": _called(row)} for row in ask("revenue", by=by, **choice.values)]
        lines = [_margin(row, by) for row in _narrowed(ask, choice, by, rows, NO_MARGIN)]
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


def _called(row: Row) -> str:
    return str(row["label"]) if row["number"] is not None else _("Not assigned")


def _margin(row: Row, by: str) -> Line:
    number, card = row["number"], "receivables" if by == "customer" else f"{by}s"
    return Line(
        label=row["label"],
        key=f"{row['company_id']} {number}",
        values=row | {"margin_share": share(row["gross_margin"], row["revenue"])},
        what={"by": by, "company": row["company_id"]} | ({"number": number} if number is not None else {}),
        address=reverse("reports:card", args=[card, row["company_id"], number]) if number is not None else "",
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
        where = {name: VAT_DRILLS.get(name) for name in names}
        return [*_company_column(choice), *(Column(name=name, title=titles[name], where=where[name]) for name in names)]

    terms = columns("output_vat", "input_vat", "vat_payable", "moved_on_accounts", "difference")
    codes = [
        Column(name="vat_term", title=_("Term"), kind="text"),
        *columns("basis", "output_vat", "input_vat", "vat_payable"),
    ]
    names = {row["company_id"]: row["company"] for row in choice.companies}
    by_term = [
        Line(
            label=row["vat_term"],
            key=f"{row['company_id']} {row['vat_term']}",
            values=row | {"company": names[row["company_id"]]},
            what={"company": row["company_id"]} | spanning(row["term_first_day"], row["term_last_day"]),
        )
        for row in ask("vat_terms", **choice.values)
    ]
    by_code = [_vat_code(row | {"company": names[row["company_id"]]}) for row in ask("vat_codes", **choice.values)]
    legend = _("VAT figures lead to the postings of the term, whose VAT adds up to them.")
    return [
        Sheet(title=_("VAT by term"), label=_("Term"), columns=terms, lines=_with_total(terms, by_term), legend=legend),
        Sheet(title=_("VAT by code"), label=_("VAT code"), columns=codes, lines=_with_total(codes, by_code)),
    ]


def _vat_code(row: Row) -> Line:
    within = spanning(row["term_first_day"], row["term_last_day"])
    return Line(
        label=row["vat"] or row["vat_code"] or _("No VAT code"),
        key=f"{row['company_id']} {row['vat_term']} {row['vat_code']}",
        values=row,
        what={"company": row["company_id"], "vat_code": row["vat_code"] or ""} | within,
    )


def month_end(ask: Ask, choice: Choice) -> list[Sheet]:
    """What one looks at when a month is closed, a line a month."""
    states = {"locked": _("Locked"), "open": pgettext("a period", "Open"), "partly locked": _("Partly locked")}
    columns = [
        Column(name="state", title=_("Period"), kind="text"),
        Column(name="postings", title=_("Postings"), kind="count", where={}),
        Column(name="revenue", title=_("Operating income"), where={"line": "total_operating_income"}),
        Column(name="operating_result", title=_("Operating result"), where={"line": "operating_result"}),
        Column(name="result", title=_("Annual result"), where={"line": "annual_result"}),
        _at_end("bank_and_cash", _("Bank and cash"), {"line": "bank_and_cash"}),
        _at_end("receivables", _("Receivables"), {"ledger": "receivable"}, page=OPEN_ITEMS),
        _at_end("payables", _("Payables"), {"ledger": "payable"}, page=OPEN_ITEMS),
        _at_end("vat_owed", _("VAT owed"), {"vat_accounts": "owed"}),
        _at_end("balance_difference", _("Books do not balance by"), {} if len(choice.companies) == 1 else None),
        _at_end("subledger_difference", _("Subledgers differ by"), None),
    ]
    rows = ask("month_end", **choice.values)
    lines = [
        Line(
            label=date_format(row["month"], "F Y"),
            key=row["month"].isoformat(),
            values=row | {"state": states.get(row["state"], row["state"])},
            what=spanning(row["month"], end_of(row["month"])) | {"at": end_of(row["month"]).isoformat()},
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


def _at_end(name: str, title: str, where: dict[str, str] | None, *, page: str = POSTINGS) -> Column:
    """A column of what stood at a month's end: made of all postings up to then, so its drill begins nowhere."""
    return Column(name=name, title=title, is_added=False, where=where, without=("since",), page=page)


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
