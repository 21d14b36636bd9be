"""A small installation's day in virtual time keeps the promises that the large one's report makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.costs import Costs, Day
from bench.one_key_day import FRESH_SHARE, START_SECONDS, companies_that_fill_the_key, measure

SMALL = Day(companies=25, new_companies=2, costs=Costs(lines=1_500))


def test_books_are_fresh_and_people_wait_for_seconds_whatever_else_runs() -> None:
    told = measure(SMALL)
    assert told["fresh_share"] >= FRESH_SHARE
    assert told["refused"] == 0
    assert told["syncs"]["nightly"] == SMALL.companies
    assert told["syncs"]["first"] == SMALL.new_companies
    assert told["requests_for"]["fill"] >= 2 * SMALL.costs.lines
    assert told["sync_now_starts_after_seconds"]["longest"] <= START_SECONDS


def test_a_key_that_first_syncs_fill_leaves_the_others_fresh() -> None:
    """Eight companies in first syncs of hours each: more than the lane holds, and more than the limit gives them."""
    told = measure(replace(SMALL, hours=12, new_companies=8, costs=Costs(first=20_000, lines=0, own_seconds=0)))
    assert told["share_in_the_fullest_hour"] > 0.95
    assert told["fresh_share"] >= FRESH_SHARE
    assert told["sync_now_starts_after_seconds"]["longest"] <= START_SECONDS
    assert told["sync_now_takes_seconds"]["longest"] <= 30


def test_the_same_seed_is_the_same_day() -> None:
    def figures(seed: int) -> tuple[int, float]:
        told = measure(replace(SMALL, hours=5, new_companies=0, seed=seed))
        return told["requests"], told["oldest_minutes"]

    assert figures(1) == figures(1)
    assert figures(1) != figures(2)


def test_how_many_companies_fill_a_key_follows_from_what_syncs_cost() -> None:
    still = Costs(quiet=10, busy=10, nightly=10, lines_of_busy=0)
    assert companies_that_fill_the_key(still) == {"by_the_day": 3600, "by_the_working_hour": 3600}
    dear = companies_that_fill_the_key(replace(still, quiet=20, busy=20, nightly=20))
    assert dear["by_the_day"] == pytest.approx(1800)
