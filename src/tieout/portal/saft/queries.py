"""What the pages of SAF-T ask: fiscal years, accounts with the codes they go to, files that were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from tieout.portal.reports.reading import asking as asking_reports
from tieout.portal.saft.models import ConfirmedGrouping, SaftFile
from tieout.portal.sources.models import Source
from tieout.portal.vouchers.reading import asking
from tieout.reports.saft import Grouping, seed

ACCOUNTS = "select account_no, account_name from core.accounts where company_id = ? order by account_no"


@dataclass(frozen=True, slots=True)
class Mapped:
    """An account and where it goes; `confirmed` is the act of the person who said so, None where the rule did."""

    account_no: int
    name: str
    grouping: Grouping
    confirmed: ConfirmedGrouping | None


@dataclass(frozen=True, slots=True)
class Years:
    """The fiscal years that have begun as (year, label), newest first, and the month that they end in."""

    years: list[tuple[int, str]]
    end_month: int


def years_of(source: Source) -> Years | None:
    """None before the company has books here. Raises BusyError."""
    company = [str(source.pk)]
    with asking_reports(source.workspace) as ask:
        found = ask("companies", companies=company) if ask else []
        if ask is None or not found:
            return None
        years = [(row["fiscal_year"], row["label"]) for row in ask("years", companies=company)]
    return Years(years, int(found[0]["fiscal_year_end_month"])) if years else None


def mapping_of(source: Source, *, search: str = "", unconfirmed: bool = False) -> list[Mapped]:
    """Every account by number, or those whose number begins with the search or whose name has it. Raises BusyError."""
    wanted = search.strip().casefold()
    return [
        one
        for one in _all(source)
        if (not unconfirmed or one.confirmed is None)
        and (not wanted or str(one.account_no).startswith(wanted) or wanted in one.name.casefold())
    ]


def groupings_of(source: Source) -> dict[int, Grouping]:
    """What people confirmed, by account."""
    return {
        one.account_no: Grouping(category=one.category, code=one.code, is_confirmed=True)
        for one in ConfirmedGrouping.objects.filter(source=source)
    }


def files_of(source: Source) -> QuerySet[SaftFile]:
    """Files that were written, newest first."""
    return SaftFile.objects.filter(source=source).select_related("made_by")


def get_file(source: Source, file_id: UUID) -> SaftFile:
    """A file of this data source. Raises Http404 for any other."""
    return get_object_or_404(files_of(source), pk=file_id)


def _all(source: Source) -> list[Mapped]:
    with asking(source) as ask:
        rows: list[dict[str, Any]] = ask(ACCOUNTS, str(source.pk)) if ask else []
    acts = {
        one.account_no: one for one in ConfirmedGrouping.objects.filter(source=source).select_related("confirmed_by")
    }
    return [_mapped(row["account_no"], row["account_name"] or "", acts.get(row["account_no"])) for row in rows]


def _mapped(number: int, name: str, act: ConfirmedGrouping | None) -> Mapped:
    grouping = Grouping(category=act.category, code=act.code, is_confirmed=True) if act else seed(number)
    return Mapped(number, name, grouping, act)
