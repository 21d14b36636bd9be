"""The three axes and the health of a data source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tieout.portal.sources.health import Freshness, Health, freshness, health, standing
from tieout.portal.sources.models import Source

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def a_source(**fields: Any) -> Source:
    healthy = {
        "created_at": NOW - 300 * HOUR,
        "last_complete_at": NOW - MINUTE,
        "verdict": "proved",
        "approval_state": "approved",
    }
    return Source(**healthy | fields)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (MINUTE, Freshness.FRESH),
        (2 * HOUR - MINUTE, Freshness.FRESH),
        (2 * HOUR, Freshness.DELAYED),
        (24 * HOUR - MINUTE, Freshness.DELAYED),
        (24 * HOUR, Freshness.STALE),
    ],
)
def test_fresh_is_younger_than_two_intervals_and_delayed_than_a_day(age: timedelta, expected: Freshness) -> None:
    assert freshness(a_source(last_complete_at=NOW - age), now=NOW) == expected


def test_daily_source_is_fresh_for_two_days() -> None:
    assert freshness(a_source(interval_minutes=1440, last_complete_at=NOW - 47 * HOUR), now=NOW) == Freshness.FRESH


def test_figures_of_friday_are_fresh_on_monday_morning_where_nobody_syncs_on_weekends() -> None:
    monday = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    friday = datetime(2026, 11, 20, 18, 50, tzinfo=UTC)
    source = a_source(hours="workdays", last_complete_at=friday)
    assert freshness(source, now=monday) == Freshness.FRESH
    assert freshness(source, now=monday + 3 * HOUR) == Freshness.STALE
    assert freshness(a_source(last_complete_at=friday), now=monday) == Freshness.STALE


def test_source_that_never_synced_is_not_shown_as_fresh() -> None:
    new = a_source(last_complete_at=None, created_at=NOW - MINUTE)
    assert freshness(new, now=NOW) == Freshness.FIRST_SYNC
    forgotten = a_source(last_complete_at=None, created_at=NOW - 5 * HOUR)
    assert freshness(forgotten, now=NOW) == Freshness.DELAYED
    at_work = a_source(last_complete_at=None, created_at=NOW - 5 * HOUR, activity="running")
    assert freshness(at_work, now=NOW) == Freshness.FIRST_SYNC


def test_first_sync_is_healthy() -> None:
    assert (
        health(a_source(last_complete_at=None, verdict="", created_at=NOW, activity="running"), now=NOW)
        == Health.HEALTHY
    )


def test_what_was_never_proved_is_not_called_healthy() -> None:
    assert standing(Health.HEALTHY, Freshness.FIRST_SYNC) is Freshness.FIRST_SYNC
    assert standing(Health.HEALTHY, Freshness.FRESH) is Health.HEALTHY
    assert standing(Health.PAUSED, Freshness.FIRST_SYNC) is Health.PAUSED


BAD: dict[str, Any] = {"verdict": "not_proved", "last_complete_at": NOW - 30 * HOUR, "trouble": "operator"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Health.HEALTHY),
        ({"verdict": "not_proved"}, Health.NEEDS_ATTENTION),
        ({"verdict": "could_not_check"}, Health.NEEDS_ATTENTION),
        ({"last_complete_at": NOW - 3 * HOUR}, Health.NEEDS_ATTENTION),
        ({"trouble": "company"}, Health.ACTION_REQUIRED),
        ({"approval_state": "withdrawn", "verdict": "not_proved"}, Health.ACTION_REQUIRED),
        ({**BAD, "approval_state": "waiting"}, Health.WAITING),
        ({**BAD, "approval_state": "waiting", "paused_at": NOW}, Health.PAUSED),
    ],
)
def test_health_is_the_first_that_holds(fields: dict[str, Any], expected: Health) -> None:
    assert health(a_source(**fields), now=NOW) == expected
