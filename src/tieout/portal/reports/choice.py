"""What a person chose to see: whose books, which months, beside which. The address holds it all, so the back button works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tieout.portal.reports.companies import Chosen, Together
from tieout.portal.reports.moments import Moment
from tieout.portal.reports.reading import Ask, Row

NORWEGIAN = "norwegian"  # the layout that every workspace has
COMPARISONS = ("year", "previous", "none")
BUDGET = "budget"
SPANS = {"year": (1, 12)} | {f"q{number}": (3 * number - 2, 3 * number) for number in range(1, 5)}
SPANS |= {f"m{number}": (number, number) for number in range(1, 13)}
SPANS |= {f"to{number}": (1, number) for number in range(2, 12)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen.

    `first` and `last` are months by their first day, both inclusive; `part` is a key of SPANS. `company` is a company's id,
    a group's key, or empty: all.
    """

    companies: Sequence[Row]  # those that are added up
    every: Sequence[Row]  # those that can be chosen
    company: str
    years: Sequence[Row]
    year: int
    part: str
    compare: str
    first: date
    last: date
    layouts: Sequence[Row] = ()  # those that can be chosen
    layout: str = NORWEGIAN
    search: str = ""  # what a list is narrowed to
    groups: Sequence[Together] = ()  # those that can be chosen
    moment: Moment | None = None  # None: now
    missing: Sequence[str] = ()  # names of companies that were asked for, and of which nothing is stored of that moment

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def is_added_up(self) -> bool:
        """Several companies as one: what is between them is shown beside."""
        return len(self.companies) > 1

    @property
    def currencies(self) -> list[str]:
        """The companies' accounting currencies. Amounts of several have no sum."""
        return sorted({row["currency_code"] or "" for row in self.companies})

    @property
    def before_first(self) -> date | None:
        return self._before(self.first)

    @property
    def before_last(self) -> date | None:
        return self._before(self.last)

    @property
    def since(self) -> date:
        return self.first

    @property
    def until(self) -> date:
        """The last day of the last month."""
        return end_of(self.last)

    @property
    def at(self) -> date:
        """The day that open items are looked at: the span's end, or how far the books are known if that is sooner."""
        known = [row["as_of_date"] for row in self.companies if row["as_of_date"]]
        return min([self.until, max(known)]) if known else self.until

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the reports' SQL."""
        return {
            "companies": [row["company_id"] for row in self.companies],
            "first": self.first,
            "last": self.last,
            "before_first": self.before_first,
            "before_last": self.before_last,
            "at": self.at,
            "layout": self.layout,
        }

    @property
    def as_of(self) -> int | None:
        """The number of the sync whose end is looked at; None: now."""
        return self.moment.sync if self.moment else None

    @property
    def query(self) -> str:
        """The address's query for this choice."""
        return self._query(str(self.as_of or ""))

    @property
    def query_now(self) -> str:
        """The address's query for the same as it is now."""
        return self._query("")

    def _query(self, as_of: str) -> str:
        chosen = {"company": self.company, "year": self.year, "part": self.part, "compare": self.compare}
        chosen["q"], chosen["as_of"] = self.search, as_of
        chosen["layout"] = self.layout if self.layout != NORWEGIAN else ""
        return urlencode({name: value for name, value in chosen.items() if value})

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The spans that can be chosen in this fiscal year, grouped: pairs of key and word."""
        starts = plus(self.first, 1 - SPANS[self.part][0])

        def named(keys: list[str]) -> list[tuple[str, str]]:
            return [(key, _word(key, starts)) for key in keys]

        return [
            (_("Whole year and quarters"), named(["year", "q1", "q2", "q3", "q4"])),
            (_("Year to date"), named([f"to{number}" for number in range(2, 12)])),
            (_("A month"), named([f"m{number}" for number in range(1, 13)])),
        ]

    def finds(self, text: str) -> bool:
        """Whether a list shows what is called so."""
        return self.search.casefold() in text.casefold()

    @property
    def title(self) -> str:
        """The span in words."""
        return span_title(self.first, self.last)

    @property
    def before_title(self) -> str:
        """What it is compared with, in words; empty for nothing."""
        if self.compare == BUDGET:
            return _("Budget")
        if self.before_first is None or self.before_last is None:
            return ""
        return span_title(self.before_first, self.before_last)

    @property
    def layout_title(self) -> str:
        """The name of own report lines; empty for those of the Act."""
        if self.layout == NORWEGIAN:
            return ""
        return str(next(row["layout"] for row in self.layouts if row["layout_id"] == self.layout))

    @property
    def company_title(self) -> str:
        group = next((one.name for one in self.groups if one.key == self.company), "")
        if group:
            return group
        return str(self.companies[0]["company"]) if self.company else _("All companies of the workspace")

    def _before(self, month: date) -> date | None:
        if self.compare in ("none", BUDGET):
            return None
        return plus(month, -12 if self.compare == "year" else -self.months)


def choice_of(
    ask: Ask,
    query: QueryDict,
    whose: Chosen,
    *,
    moment: Moment | None = None,
    has_budget: bool = False,
    has_layouts: bool = False,
) -> Choice | None:
    """Read a choice from an address; None where no company has postings. Raises Http404 for one without books.

    `ask` asks as of `moment`, before which a company may have had no books yet.

    `has_budget`: the report can be held against the budget; `has_layouts`: it is shown in lines that one may choose.
    """
    names = whose.allowed
    every = [row | {"company": names[row["company_id"]]} for row in ask("companies", companies=list(names))]
    # Amounts of several currencies have no sum: who has not chosen begins with the first company.
    is_first_alone = len(every) == 1 or (not whose.is_told and len({row["currency_code"] for row in every}) > 1)
    company = whose.key or (str(every[0]["company_id"]) if every and is_first_alone else "")
    chosen = [row for row in every if row["company_id"] in whose.ids and company in ("", whose.key, row["company_id"])]
    if whose.key and not chosen and moment is None:
        raise Http404
    years = ask("years", companies=[row["company_id"] for row in chosen])
    if not years:
        return None
    year = _year(query, years)
    part = query.get("part", "") if query.get("part", "") in SPANS else _usual_part(year)
    offered = (*COMPARISONS, BUDGET) if has_budget else COMPARISONS
    compare = query.get("compare", "") if query.get("compare", "") in offered else "year"
    layouts = ask("layouts") if has_layouts else []
    layout = query.get("layout", "")
    start = _start_of(year["fiscal_year"], chosen)
    first, last = (plus(start, number - 1) for number in SPANS[part])
    return Choice(
        companies=chosen,
        every=every,
        company=company,
        years=years,
        year=year["fiscal_year"],
        part=part,
        compare=compare,
        first=first,
        last=last,
        search=query.get("q", "").strip()[:100],
        groups=whose.groups,
        moment=moment,
        missing=_missing(ask, whose) if moment else (),
        layouts=layouts,
        layout=layout if any(row["layout_id"] == layout for row in layouts) else NORWEGIAN,
    )


def _missing(ask: Ask, whose: Chosen) -> list[str]:
    stored = {row["company_id"] for row in ask("with_books", companies=list(whose.ids))}
    return sorted(whose.allowed[one] for one in whose.ids if one not in stored)


def plus(month: date, months: int) -> date:
    """The first day of the month that comes so many months later."""
    at = month.year * 12 + month.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def end_of(month: date) -> date:
    return plus(month, 1) - timedelta(days=1)


def span_title(first: date, last: date) -> str:
    """ "March 2026", "January – March 2026", or "November 2025 – March 2026"."""
    if first == last:
        return date_format(last, "F Y")
    return f"{date_format(first, 'F' if first.year == last.year else 'F Y')} – {date_format(last, 'F Y')}"


def _word(key: str, start: date) -> str:
    first, last = (plus(start, number - 1) for number in SPANS[key])
    if key == "year":
        return _("Whole year")
    if key.startswith("q"):
        return _("Quarter %(number)s") % {"number": key[1:]}
    return date_format(last, "F Y") if first == last else _("to %(month)s") % {"month": date_format(last, "F Y")}


def _year(query: QueryDict, years: Sequence[Row]) -> Row:
    wanted = query.get("year", "")
    return next((row for row in years if str(row["fiscal_year"]) == wanted), years[0])


def _usual_part(year: Row) -> str:
    """The year as far as it has come."""
    return {1: "m1", 12: "year"}.get(year["last_period"], f"to{year['last_period']}")


def _start_of(fiscal_year: int, companies: Sequence[Row]) -> date:
    """The first month of a fiscal year; of a group whose years differ the calendar year's."""
    ends = {row["fiscal_year_end_month"] for row in companies}
    end = ends.pop() if len(ends) == 1 else 12
    return plus(date(fiscal_year, end, 1), -11)
