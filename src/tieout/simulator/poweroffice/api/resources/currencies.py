"""Currencies, and the rate of one pair on one day (contract 6.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tieout.simulator.books.model import Books
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, Shape, always
from tieout.simulator.poweroffice.api.parameters import Parameter, day, flag, one_of, words
from tieout.simulator.poweroffice.api.view import View

HOME = "NOK"
# Code -> name, and NOK for one unit in millionths, for days and currencies of which the books know none.
KNOWN = {
    "NOK": ("Norwegian Krone", 1_000_000),
    "CHF": ("Swiss Franc", 12_300_000),
    "DKK": ("Danish Krone", 1_560_000),
    "EUR": ("Euro", 11_600_000),
    "GBP": ("Pound Sterling", 13_500_000),
    "JPY": ("Japanese Yen", 70_000),
    "PLN": ("Polish Zloty", 2_720_000),
    "SEK": ("Swedish Krona", 1_020_000),
    "USD": ("US Dollar", 10_500_000),
}


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of the other currency one unit costs."""

    currency: str
    on: date
    value: Fraction


def _currencies(view: View) -> Iterable[Currency]:
    used = {HOME, *(currency for currency, _ in view.books.rates)}
    return [Currency(code, name, code in used) for code, (name, _) in sorted(KNOWN.items())]


def _rates(view: View) -> Iterable[Rate]:
    """A future date gives the latest; a day without a rate the one before."""
    on = min(view.given["asOnDate"], view.today)
    source, source_on = _in_nok(view.books, view.given["fromCurrency"], on)
    target, target_on = _in_nok(view.books, view.given["toCurrency"], on)
    return [Rate(view.given["fromCurrency"], min(source_on, target_on), Fraction(source, target))]


def _in_nok(books: Books, currency: str, on: date) -> tuple[int, date]:
    """NOK for one unit in millionths, and the day that it is of."""
    days = [known for code, known in books.rates if code == currency]
    if not days:
        return KNOWN[currency][1], on
    last = max((known for known in days if known <= on), default=min(days))
    return books.rates[currency, last], last


CURRENCY_COLUMNS: Columns = {
    "Code": lambda currency, view: currency.code,
    "IsActive": lambda currency, view: currency.is_active,
    "Notation": lambda currency, view: currency.name,
}
RATE_COLUMNS: Columns = {
    "CurrencyCode": lambda rate, view: rate.currency,
    "ExchangeBase": always(1),
    "ExchangeRate": lambda rate, view: round(float(rate.value), 6),
    "RateDate": lambda rate, view: rate.on,
    "ReverseExchangeRate": lambda rate, view: round(float(1 / rate.value), 10),
}

ENDPOINTS = (
    Endpoint(
        path="/Currencies",
        schema="CurrencyDto",
        privileges=("CommonServices",),
        rows=_currencies,
        columns=CURRENCY_COLUMNS,
        parameters=(
            words("currencyCode", CURRENCY_COLUMNS["Code"]),
            flag("isActive", CURRENCY_COLUMNS["IsActive"]),
        ),
    ),
    Endpoint(
        path="/CurrencyRates",
        schema="CurrencyRateDto",
        privileges=("CommonServices",),
        rows=_rates,
        columns=RATE_COLUMNS,
        parameters=(
            Parameter("fromCurrency", one_of(*KNOWN), is_required=True),
            Parameter("toCurrency", one_of(*KNOWN), is_required=True),
            Parameter("asOnDate", day, is_required=True),
        ),
        shape=Shape.OBJECT,
    ),
)
