"""Trial balance, income statement and balance sheet: three looks at the same balances of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tieout.portal.reports.choice import BUDGET, NORWEGIAN, Choice, end_of
from tieout.portal.reports.reading import Ask, Row
from tieout.portal.reports.sheets import ZERO, Column, Line, Sheet, share, spanning, totalled
from tieout.portal.templatetags.marks import day

UNMAPPED = "unmapped"
BETWEEN = ("movement", "closing", "ever")
Names: TypeAlias = tuple[str, str, str]  # of an amount, of what it is held against, of what is between companies


def trial_balance(ask: Ask, choice: Choice) -> list[Sheet]:
    """Opening, debit, credit, movement and closing of each account. Ledger sign: debit positive."""
    rows = [row for row in _balances(ask, choice) if _has_anything(row)]
    within, restart = spanning(choice.since, choice.until), {"restart": choice.last.isoformat()}
    opening = spanning(None, choice.first - timedelta(days=1)) | {"restart": choice.first.isoformat()}
    columns = [
        Column(name="opening", title=_("Opening"), where=opening),
        Column(name="debit", title=_("Debit"), where=within),
        Column(name="credit", title=_("Credit"), where=within),
        Column(name="movement", title=_("Movement"), where=within),
        Column(name="closing", title=_("Closing"), where=spanning(None, choice.until) | restart),
        *_between(choice, spanning(None, choice.until) | restart),
    ]
    if choice.before_last:
        end, first = end_of(choice.before_last), {"restart": choice.before_last.isoformat()}
        where = spanning(None, end) | first
        columns.append(Column(name="before_closing", title=_("Closing %(day)s") % {"day": day(end)}, where=where))
    names = [column.name for column in columns]
    lines = [
        Line(
            label=row["account"],
            key=str(row["account_no"]),
            values={name: values[name] for name in names},
            what={"account": row["account_no"]},
        )
        for row in rows
        for values in [row | _less(row["closing"], row["between_closing"])]
    ]
    lines.append(totalled(_("Total"), columns, lines))
    return [
        Sheet(
            title=_("Trial balance"),
            label=_("Account"),
            columns=columns,
            lines=lines,
            notes=_missing(rows),
            legend=_what_between_is(choice),
        )
    ]


def _balances(ask: Ask, choice: Choice) -> list[Row]:
    """Accounts with their figures, and where several companies are added up, what of them is between those."""
    rows = ask("balances", **choice.values)
    found = {row["account_no"]: row for row in ask("internal", **choice.values)} if choice.is_added_up else {}
    return [
        row | {f"between_{name}": found.get(row["account_no"], {}).get(name, ZERO) for name in BETWEEN} for row in rows
    ]


def _between(choice: Choice, where: dict[str, str]) -> list[Column]:
    """Of companies that are added up: the part that is between them, and the rest."""
    if not choice.is_added_up:
        return []
    return [
        Column(name="between", title=_("Between companies"), where=where | {"between": "1"}),
        Column(name="without", title=_("After elimination")),
    ]


def _less(amount: Decimal, between: Decimal) -> dict[str, Decimal]:
    return {"between": between, "without": amount - between}


def _what_between_is(choice: Choice) -> str:
    if not choice.is_added_up:
        return ""
    return _(
        "Between companies: what is posted on customers and suppliers that are another of these companies by organisation "
        "number, and income and costs of the same vouchers. A candidate for elimination: no other column leaves it out."
    )


def income_statement(ask: Ask, choice: Choice) -> list[Sheet]:
    """Income and expenses by line and account, held against another span or the budget. Report sign: all are positive."""
    rows = [row for row in _balances(ask, choice) if row["is_result_account"]]
    is_budgeted = choice.compare == BUDGET
    beside = "budget" if is_budgeted else "before_movement"
    wheres = (spanning(choice.since, choice.until), _span_before(choice))
    lines = _lines(ask, choice, rows, "income_statement", line="line", names=("movement", beside, "between_movement"))
    return [
        Sheet(
            title=_("Income statement"),
            label=_("Line"),
            columns=_compared(choice, choice.title, choice.before_title, wheres),
            lines=lines,
            notes=[
                *_missing(rows),
                *_unplaced(rows, "line", ("movement", beside)),
                *(_without_budget(ask, choice) if is_budgeted else []),
            ],
            legend=_what_between_is(choice),
        )
    ]


def balance_sheet(ask: Ask, choice: Choice) -> list[Sheet]:
    """Assets, equity and debt by line and account at the span's end. Report sign: all are positive."""
    rows = _balances(ask, choice)
    before = end_of(choice.before_last) if choice.before_last else None
    wheres = (spanning(None, choice.until), spanning(None, before) if before else None)
    lines = _lines(
        ask, choice, rows, "balance_sheet", line="balance_line", names=("ever", "before_ever", "between_ever")
    )
    return [
        Sheet(
            title=_("Balance sheet"),
            label=_("Line"),
            columns=_compared(choice, day(choice.until), day(before), wheres),
            lines=lines,
            notes=[*_missing(rows), *_unplaced(rows, "balance_line", ("ever", "before_ever"))],
            legend=_what_between_is(choice),
        )
    ]


def _span_before(choice: Choice) -> dict[str, str] | None:
    if choice.before_first is None or choice.before_last is None:
        return None
    return spanning(choice.before_first, end_of(choice.before_last))


def _compared(choice: Choice, title: str, before: str, wheres: Sequence[dict[str, str] | None]) -> list[Column]:
    """An amount, and if something is compared with, that, the difference, and the difference as a share."""
    columns = [Column(name="amount", title=title, where=wheres[0]), *_between(choice, wheres[0] or {})]
    if not choice.before_title:
        return columns
    is_budgeted = choice.compare == BUDGET
    return [
        *columns,
        Column(name="before", title=before, where=wheres[1]),
        Column(name="change", title=_("Deviation") if is_budgeted else pgettext("a difference", "Change")),
        Column(name="change_share", title=_("Deviation, %") if is_budgeted else _("Change, %"), kind="share"),
    ]


def _lines(ask: Ask, choice: Choice, rows: Sequence[Row], statement: str, *, line: str, names: Names) -> list[Line]:
    """A statement's lines with the accounts that make each, and its subtotals. `line`: whose line a row is on."""
    by_line: dict[str, list[Row]] = {}
    for row in rows:
        if row[names[0]] or row[names[1]]:
            by_line.setdefault(str(row[line]), []).append(row | {name: row[name] or ZERO for name in names})
    what = {} if choice.layout == NORWEGIAN else {"layout": choice.layout, "statement": statement}
    lines, plain = list[Line](), list[Row]()
    for one in ask("report_lines", layout=choice.layout, statement=statement):
        if one["sums_from"] is None:
            if mine := by_line.get(one["line"], []):
                plain.append(one)
                lines += _line_with_accounts(one, mine, names, what)
        else:
            parts = [part for part in plain if part["position"] >= one["sums_from"]]
            lines.append(_subtotal(one, parts, by_line, names, what))
    return lines


def _line_with_accounts(one: Row, rows: Sequence[Row], names: Names, what: dict[str, str]) -> list[Line]:
    accounts = [
        Line(
            label=row["account"],
            key=f"{one['line']} {row['account_no']}",
            style="detail",
            values=_values(*(one["sign"] * row[name] for name in names)),
            what={"account": row["account_no"]},
        )
        for row in rows
    ]
    whole = _values(*(one["sign"] * sum((row[name] for row in rows), ZERO) for name in names))
    head = Line(
        label=_named(one),
        key=one["line"],
        values=whole,
        what={"line": one["line"]} | what,
        adds=[(1, line.key) for line in accounts],
    )
    return [head, *accounts]


def _subtotal(
    one: Row, parts: Sequence[Row], by_line: dict[str, list[Row]], names: Names, what: dict[str, str]
) -> Line:
    sums = [one["sign"] * sum((row[name] for part in parts for row in by_line[part["line"]]), ZERO) for name in names]
    return Line(
        label=_named(one),
        key=one["line"],
        style="sum",
        values=_values(*sums),
        what={"line": one["line"]} | what,
        adds=[(one["sign"] * part["sign"], part["line"]) for part in parts],
    )


def _values(amount: Decimal, before: Decimal, between: Decimal) -> dict[str, Any]:
    change = amount - before
    told = {"amount": amount, "before": before, "change": change, "change_share": share(change, before)}
    return told | _less(amount, between)


def _named(line: Row) -> str:
    return str(line["line_name_nb"] if (get_language() or "").startswith("nb") else line["line_name"])


def _has_anything(row: Row) -> bool:
    return any(row[name] for name in ("opening", "debit", "credit", "closing", "before_closing"))


def _missing(rows: Sequence[Row]) -> list[str]:
    """Accounts that have postings and are missing in the chart stand on lines that their numbers suggest: say which."""
    missing = [str(row["account_no"]) for row in rows if not row["is_in_chart"]]
    if not missing:
        return []
    return [
        _("Not in the chart of accounts, placed by their numbers: %(accounts)s.") % {"accounts": ", ".join(missing)}
    ]


def _unplaced(rows: Sequence[Row], line: str, names: Sequence[str]) -> list[str]:
    """Accounts with figures that no own report line takes stand on a line of their own: say which."""
    loose = [str(row["account_no"]) for row in rows if row[line] == UNMAPPED and any(row[name] for name in names)]
    if not loose:
        return []
    return [_("On no line of these report lines, and in no subtotal: %(accounts)s.") % {"accounts": ", ".join(loose)}]


def _without_budget(ask: Ask, choice: Choice) -> list[str]:
    """Companies that have no budget for the span would make a deviation of everything they did: say which."""
    budgeted = {row["company_id"] for row in ask("budgeted", **choice.values)}
    missing = [str(row["company"]) for row in choice.companies if row["company_id"] not in budgeted]
    return [_("There is no budget here for %(companies)s.") % {"companies": ", ".join(missing)}] if missing else []
