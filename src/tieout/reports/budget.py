"""A budget out of the rows of a table: account, month and amount a row, or a column a month. All of it, or what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tieout.reports.uploaded import Cell, Problem, Row, UploadError, month_of, need_columns, number_of, renamed, text_of
from tieout.reports.uploaded import whole_of as whole
from tieout.warehouse.budgets import BudgetAmount

COLUMNS = {
    "account": ("konto", "account no", "kontonr", "kontonummer"),
    "month": ("måned", "periode", "period"),
    "amount": ("beløp", "budget", "budsjett"),
    "department": ("avdeling",),
    "project": ("prosjekt",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a company's books have: result accounts with their report sign (1 costs, -1 income), and codes."""

    accounts: Mapping[int, int]
    departments: Collection[str]
    projects: Collection[str]


def amounts_of(rows: Sequence[Row], known: Known, *, in_ledger_sign: bool) -> list[BudgetAmount]:
    """The amounts that a table describes, debit positive.

    `in_ledger_sign`: the table has income negative and costs positive; else both are positive, as a statement shows them.
    Raises UploadError with every problem there is.
    """
    rows = renamed(rows, COLUMNS)
    need_columns(rows, "account")
    if "amount" in rows[0].cells:
        need_columns(rows, "month")
    elif not any(month_of(title) for title in rows[0].cells):
        raise UploadError([Problem(row=1, kind="no_amounts")])
    problems, amounts, seen = list[Problem](), list[BudgetAmount](), dict[tuple[int, date, str, str], int]()
    for row in rows:
        found, wrong = _amounts(row, known, in_ledger_sign=in_ledger_sign)
        problems += wrong
        for one in found:
            key = (one.account_no, one.month, one.department_code, one.project_code)
            before = seen.setdefault(key, row.number)
            if before != row.number:
                problems.append(
                    _problem(row, "amount_twice", account=one.account_no, month=f"{one.month:%Y-%m}", other=before)
                )
        amounts += found
    if problems:
        raise UploadError(problems)
    return amounts


def _amounts(row: Row, known: Known, *, in_ledger_sign: bool) -> tuple[list[BudgetAmount], list[Problem]]:
    """One row's amounts, and what is wrong with it."""
    account_no = whole(row.cells.get("account", ""))
    codes = {name: text_of(row.cells.get(name, "")) for name in ("department", "project")}
    wrong = [
        _problem(row, kind, given=given[:60])
        for kind, given, is_wrong in (
            ("budget_account", text_of(row.cells.get("account", "")), account_no not in known.accounts),
            (
                "department",
                codes["department"],
                bool(codes["department"]) and codes["department"] not in known.departments,
            ),
            ("project", codes["project"], bool(codes["project"]) and codes["project"] not in known.projects),
        )
        if is_wrong
    ]
    sign = 1 if in_ledger_sign or account_no is None else known.accounts.get(account_no, 1)
    amounts = list[BudgetAmount]()
    for month, cell in _months(row):
        amount, at = number_of(cell), month_of(month)
        if at is None:
            wrong.append(_problem(row, "month", given=text_of(month)[:60]))
        if amount is None:
            wrong.append(_problem(row, "amount", given=text_of(cell)[:60]))
        if not wrong and at is not None and amount is not None and account_no is not None:
            amounts.append(
                BudgetAmount(
                    account_no=account_no,
                    month=at,
                    amount=Decimal(sign) * amount,
                    department_code=codes["department"],
                    project_code=codes["project"],
                )
            )
    return amounts, wrong


def _months(row: Row) -> Iterator[tuple[Cell, Cell]]:
    """Pairs of month and amount; an empty cell below a month is no amount."""
    if "amount" in row.cells:
        yield row.cells.get("month", ""), row.cells["amount"]
        return
    for title, cell in row.cells.items():
        if month_of(title) and cell != "":
            yield title, cell


def _problem(row: Row, kind: str, **facts: object) -> Problem:
    return Problem(row=row.number, kind=kind, facts=facts)
