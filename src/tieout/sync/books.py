"""What the stored settings say of the books' calendar, whatever system they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tieout.catalog import Window
from tieout.connectors.base import Proof
from tieout.ledger.fiscal_year import DECEMBER, FiscalYear, fiscal_year, month_number
from tieout.warehouse.base import SourceStore

OSLO = ZoneInfo("Europe/Oslo")
FIRST_DAY = date(1900, 1, 1)  # before any opening balance
LAST_DAY = date(2199, 12, 31)
YEARS_BACK = 10  # windows of their own where no conversion date is told; what is older comes in one


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The calendar of one company's books. `today` is Norway's, by the source's clock."""

    today: date
    end_month: int = DECEMBER
    conversion_date: date | None = None
    lock_date: date | None = None

    def year(self, on: date) -> FiscalYear:
        """The fiscal year that a day lies in."""
        return fiscal_year(on, end_month=self.end_month)

    def windows(self) -> list[Window]:
        """Every date there can be, in fiscal years, newest first: this year, what lies ahead, then back in time.

        The opening balance lies on the day before the conversion date; the oldest window holds all that is older still.
        """
        this = self.year(self.today)
        oldest = self.year((self.conversion_date or _years_before(this.first, YEARS_BACK)) - timedelta(days=1))
        windows = [Window(this.first, this.last), Window(this.last + timedelta(days=1), LAST_DAY)]
        year = this
        while year.first > oldest.first:
            year = year.before()
            windows.append(Window(year.first, year.last))
        windows[-1 if len(windows) > 2 else 0] = Window(FIRST_DAY, year.last)
        return windows


def read_books(proof: Proof, store: SourceStore, at: datetime) -> Books:
    """What is stored of the calendar; calendar years where nothing is."""
    calendar = proof.calendar
    month = _stored(store, calendar.settings, calendar.fiscal_year_end_month)
    return Books(
        today=at.astimezone(OSLO).date(),
        end_month=month_number(month) if month is not None else DECEMBER,
        conversion_date=_stored(store, calendar.settings, calendar.conversion_date),
        lock_date=_stored(store, calendar.lock, calendar.lock_date),
    )


def _stored(store: SourceStore, stream: str | None, column: str | None) -> date | None:
    found: date | None = store.value(stream, column) if stream and column else None
    return found


def _years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years)
