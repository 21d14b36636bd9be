"""A company's trial balance at a date as one figure an account, so that figures of then and now can be subtracted.

Result accounts count from the beginning of the fiscal year; what they held before is one figure of its own, `EARLIER`, so
that all figures together come to zero where the books balance. Debit positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tieout.portal.vouchers.reading import Ask

EARLIER = None  # result of earlier fiscal years that is still on result accounts

ON_DATE = """
select t.account_no, a.account_name, t.account_type in ('income', 'expense') as is_result, t.closing
from marts.trial_balance(?::date) as t
join core.accounts as a on a.company_id = t.company_id and a.account_no = t.account_no
where t.company_id = ?
"""
BEFORE = """
select coalesce(sum(p.amount), 0) as amount
from core.postings as p
join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
where p.company_id = ? and a.is_result_account and p.posting_date < ?
"""
SUMS = """
select p.account_no, any_value(a.account_name) as account_name, bool_or(a.is_result_account) as is_result,
       coalesce(sum(p.amount) filter (p.posting_date < ?), 0) as before,
       coalesce(sum(p.amount) filter (p.posting_date >= ?), 0) as since
from core.postings as p
left join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
where p.company_id = ? and p.posting_date <= ?
group by 1
"""
YEAR_END = "select fiscal_year_end_month as month from core.companies where company_id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one account comes to; `account_no` None is EARLIER."""

    account_no: int | None
    name: str
    is_result: bool
    amount: Decimal


def year_start_of(ask: Ask, company: str, on: date) -> date:
    """The first day of the fiscal year that a day lies in."""
    rows = ask(YEAR_END, company)
    first = (rows[0]["month"] if rows else 12) % 12 + 1
    return date(on.year - (on.month < first), first, 1)


def as_the_mart_says(ask: Ask, company: str, on: date, year_start: date) -> list[Figure]:
    """The trial balance at the end of a day, as marts.trial_balance gives it."""
    told = [
        Figure(
            account_no=row["account_no"], name=row["account_name"], is_result=row["is_result"], amount=row["closing"]
        )
        for row in ask(ON_DATE, on, company)
    ]
    earlier = ask(BEFORE, company, year_start)[0]["amount"]
    return sorted([*told, Figure(account_no=EARLIER, name="", is_result=True, amount=earlier)], key=in_order)


def as_they_are(ask: Ask, company: str, on: date, year_start: date, *, is_result: Mapping[int, bool]) -> list[Figure]:
    """The same from what is stored now. `is_result` says of accounts what they were then: a new type moves no figure."""
    told, earlier = list[Figure](), Decimal(0)
    for row in ask(SUMS, year_start, year_start, company, on):
        number = row["account_no"]
        as_result = is_result.get(number, bool(row["is_result"]))
        amount = row["since"] if as_result else row["before"] + row["since"]
        earlier += row["before"] if as_result else 0
        told.append(Figure(account_no=number, name=row["account_name"] or "", is_result=as_result, amount=amount))
    return sorted([*told, Figure(account_no=EARLIER, name="", is_result=True, amount=earlier)], key=in_order)


def in_order(figure: Figure) -> tuple[bool, int]:
    """By account number, EARLIER last."""
    return figure.account_no is None, figure.account_no or 0


def stored(figures: Iterable[Figure]) -> list[list[object]]:
    """As a stamp keeps them."""
    return [[one.account_no, one.name, one.is_result, f"{one.amount:f}"] for one in figures]


def read(kept: Iterable[tuple[int | None, str, bool, str]]) -> list[Figure]:
    """As a stamp kept them, exactly."""
    return [
        Figure(account_no=number, name=name, is_result=is_result, amount=Decimal(amount))
        for number, name, is_result, amount in kept
    ]
