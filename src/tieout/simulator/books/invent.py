"""Companies invented from a seed, with a past up to now and a future that happens when their clock is moved on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from tieout.simulator.books import numbers
from tieout.simulator.books.changes import plan as changes
from tieout.simulator.books.chart import add_chart
from tieout.simulator.books.company import Company
from tieout.simulator.books.events import (
    contracts,
    drafts,
    imports,
    memberships,
    oddities,
    payroll,
    purchases,
    receipts,
    recurring,
    rents,
    sales,
    tills,
    vat,
    year_end,
)
from tieout.simulator.books.invented import contact_details, currency, names, opening, parties, registers
from tieout.simulator.books.invented.business import Business
from tieout.simulator.books.invented.company import InPlace, InventedCompany
from tieout.simulator.books.invented.sizes import SIZES
from tieout.simulator.books.invented.stage import midnight
from tieout.simulator.books.invented.working_days import add_months
from tieout.simulator.books.model import Books, Profile

GENERATION = 2  # grows when the same seed comes to other books than before
_SUBJECTS = (
    currency,
    receipts,
    sales,
    contracts,
    rents,
    memberships,
    tills,
    purchases,
    imports,
    recurring,
    payroll,
    vat,
    year_end,
    oddities,
    drafts,
    changes,
)


def invent_companies(*, size: str, seed: int, now: datetime, in_place: InPlace = InPlace.REPLACED) -> list[Company]:
    """The companies of a size (`sizes.SIZES`), played up to `now`.

    Their history begins some months before `now`, on the first of a month. From there on everything follows from the seed:
    whoever wants the same books at a later time invents them with the same `now` and advances.
    Raises KeyError for an unknown size, ValueError for a `now` without time zone.
    """
    companies: list[Company] = [invent(business, seed=seed, now=now, in_place=in_place) for business in SIZES[size]]
    return companies


def invent(business: Business, *, seed: int, now: datetime, in_place: InPlace = InPlace.REPLACED) -> InventedCompany:
    """One company, played up to `now`."""
    stream = f"{seed}/{business.key}"
    start = add_months(now.date().replace(day=1), -business.months)
    books = Books(profile=_profile(business, stream, start), now=midnight(start) + timedelta(hours=6))
    company = InventedCompany(books, business, stream=stream, in_place=in_place)
    _found(company)
    company.begin(start, [partial(subject.plan, company) for subject in _SUBJECTS])
    company.advance(now)
    return company


def _found(company: InventedCompany) -> None:
    """Everything that is there before the first day's trade."""
    add_chart(company.books)
    if company.books.profile.conversion_date > recurring.WATER_RATE_CHANGE:
        recurring.change_water_rate(company)
    registers.add_settings(company)
    parties.add_employees(company)
    registers.add_dimensions(company)
    parties.place_employees(company)
    parties.add_customers_and_suppliers(company)
    contact_details.add_details(company)
    registers.add_products(company)
    registers.add_projects(company)
    opening.open_books(company)


def _profile(business: Business, stream: str, start: date) -> Profile:
    rng = Random(f"{stream}/profile")
    return Profile(
        name=business.name,
        organisation_number=numbers.organisation_number(rng),
        client_id=numbers.uuid(rng),
        conversion_date=start,
        year_end_month=add_months(start, 1).month if business.crosses_year_end_early else 12,
        lock_date=start - timedelta(days=1),
        address=names.address(rng),
        email=names.email("post", business.key),
        phone=names.phone(1),
        website=f"https://example.com/{business.key}",
        is_vat_registered=business.is_vat_registered,
        rounding_account_no=7740,
        currency_gains_account_no=8060,
        currency_losses_account_no=8160,
        subscriptions=("Accounting", "TimeTracking", "Payroll", "TravelExpense"),
        settings_changed=midnight(start),
    )
