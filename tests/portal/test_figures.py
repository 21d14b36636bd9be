"""Figures on pages: exact, in the language of the page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from tieout.portal.templatetags.figures import amount, count, minutes, organisation_number, took

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "english", "norwegian"),
    [
        (Decimal(-13750), "−13,750.00", f"−13{NBSP}750,00"),
        (Decimal("0.0000"), "0.00", "0,00"),
        (Decimal("9007199254740.93"), "9,007,199,254,740.93", f"9{NBSP}007{NBSP}199{NBSP}254{NBSP}740,93"),
        (Decimal("1.0501"), "1.0501", "1,0501"),
        ("1.1", "1.10", "1,10"),
        (Decimal("-0.00"), "0.00", "0,00"),
        (None, "", ""),
        ("no number", "no number", "no number"),
    ],
)
def test_amounts_are_exact_with_a_true_minus(value: object, english: str, norwegian: str) -> None:
    with translation.override("en"):
        assert amount(value) == english
    with translation.override("nb"):
        assert amount(value) == norwegian


def test_a_float_is_never_made_into_an_amount() -> None:
    assert amount(0.1) == "0.1"


def test_counts_have_their_thousands_apart() -> None:
    with translation.override("en"):
        assert count(1284567) == "1,284,567"


def test_organisation_numbers_stay_on_one_line() -> None:
    assert organisation_number("309139097") == f"309{NBSP}139{NBSP}097"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.42, "0.4 s"), (48, "48 s"), (725, "12 min 5 s"), (4800, "1 h 20 min"), (3600, "1 h")]
)
def test_durations(seconds: float, words: str) -> None:
    with translation.override("en"):
        assert took(seconds).replace(NBSP, " ") == words


@pytest.mark.parametrize(
    ("span", "words"),
    [((1680, 1980), "28–33 min"), ((20, 50), "about a minute"), ((290, 310), "5 min"), ((6000, 9000), "2 h")],
)
def test_estimates_are_ranges(span: tuple[float, float], words: str) -> None:
    with translation.override("en"):
        assert minutes(span) in (words, "about 2 hours")
