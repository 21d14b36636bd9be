"""From an Ask to the vendor's path and query: pure, so that every parameter we ever send can be read and tested here.

An unknown parameter is refused with 400 and a missing required one with 404 (contract 5.1): nothing is sent on the off chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from tieout.catalog import Ask, How, Stream
from tieout.connectors.poweroffice.streams import BY_NAME, Endpoint, Span

FIRST_DAY = date(1900, 1, 1)  # before any opening balance
YEARS_AHEAD = 10  # postings may lie in the future (contract 11.27)
T = TypeVar("T")
HOME_CURRENCY = "NOK"  # the only one a company's books are kept in (contract 7.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One path and query, pages left open. `fixed` are columns that the answer lacks. `key` are the fields to order by."""

    path: str
    params: dict[str, str]
    paged: bool
    key: tuple[str, ...]
    fixed: dict[str, str] = field(default_factory=dict)

    def page(self, number: int, size: int) -> dict[str, str]:
        """The query of one page. A unique order, so that new rows land at the end (contract 5.2)."""
        if not self.paged:
            return self.params
        return {**self.params, "OrderBy": ",".join(self.key), "PageSize": str(size), "PageNumber": str(number)}


def question(ask: Ask, today: date) -> Question | None:
    """What to ask, or None where there is nothing to ask (rates of the home currency). Raises ValueError."""
    if ask.stream.name == "currency_rates":
        return _rates(ask)
    endpoint = BY_NAME[ask.stream.name]
    params = {**endpoint.always, **_span(endpoint, ask, today), **_filters(endpoint, ask)}
    fixed = {}
    if ask.stream.how is How.SNAPSHOT:
        params["date"] = fixed["date"] = _given(ask.on).isoformat()
    if ask.stream.parent_column:
        fixed[ask.stream.parent_column] = _given(ask.parent)
    if fields := _fields(endpoint, ask):
        params["Fields"] = ",".join(fields)
    return Question(
        path=endpoint.path.format(parent=ask.parent),
        params=params,
        paged=endpoint.paged,
        key=key_fields(ask.stream),
        fixed=fixed,
    )


def total_question(ask: Ask, today: date) -> Question | None:
    """What to ask for the number of rows that a question finds, or None where the vendor counts none."""
    countable = BY_NAME[ask.stream.name].paged and ask.stream.how not in (How.SNAPSHOT, How.PARENTS)
    return question(replace(ask, keys_only=True), today) if countable else None


def key_fields(stream: Stream) -> tuple[str, ...]:
    """The primary key as the vendor spells it, without what the answer lacks."""
    return tuple(stream.column(name).field for name in stream.primary_key if stream.column(name).field)


def instant(moment: datetime) -> str:
    """UTC with Z: a `+` would be read as a blank, and rounding up would lose rows (contract 5.4)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _span(endpoint: Endpoint, ask: Ask, today: date) -> dict[str, str]:
    if ask.window and endpoint.span in (Span.NONE, Span.WHOLE):
        raise ValueError(f"{ask.stream.name} can't be asked for a span of dates")
    if ask.window:
        return {"fromDate": ask.window.first.isoformat(), "toDate": ask.window.last.isoformat()}
    if endpoint.span in (Span.REQUIRED, Span.WHOLE):
        return {"fromDate": FIRST_DAY.isoformat(), "toDate": date(today.year + YEARS_AHEAD, 12, 31).isoformat()}
    return {}


def _filters(endpoint: Endpoint, ask: Ask) -> dict[str, str]:
    asked = {}
    if ask.changed_after:
        asked[endpoint.changes[ask.changed_by]] = instant(ask.changed_after)
    if ask.number_after is not None:
        asked["voucherNos"] = f"{ask.number_after + 1}-"
    if ask.numbers:
        asked["voucherNos"] = ",".join(str(number) for number in ask.numbers)
    if ask.part:
        asked[endpoint.divided_by] = f"{ask.part.first}-{'' if ask.part.last is None else ask.part.last}"
    return asked


def _fields(endpoint: Endpoint, ask: Ask) -> tuple[str, ...]:
    """The fields to restrict an answer to; none where all that the source tells is wanted."""
    if ask.keys_only:
        return key_fields(endpoint.stream)
    if not endpoint.only and not ask.stream.unasked:
        return ()
    wanted = [column.field for column in ask.stream.columns if column.field and column.name not in ask.stream.unasked]
    return tuple(field for field in endpoint.only or wanted if field in wanted)


def _rates(ask: Ask) -> Question | None:
    """One pair and day per request (contract 6.8): how many kroner one unit of a foreign currency costs."""
    currency, on = _given(ask.parent), _given(ask.on)
    if currency == HOME_CURRENCY:
        return None
    params = {"fromCurrency": currency, "toCurrency": HOME_CURRENCY, "asOnDate": f"{on.isoformat()}T00:00:00Z"}
    fixed = {"currency_code": currency, "date": on.isoformat()}
    return Question(path="/CurrencyRates", params=params, paged=False, key=(), fixed=fixed)


def _given(value: T | None) -> T:
    if value is None:
        raise ValueError("a snapshot is asked for a date, and lines for a parent")
    return value
