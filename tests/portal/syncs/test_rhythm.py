"""The slots and nights of sources, from their ids."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tieout.portal.syncs.rhythm import BOOKS_ZONE, is_night, last_night, next_slot

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS = [str(uuid.UUID(int=number)) for number in range(600)]


def test_next_slot_comes_within_one_interval_and_keeps_its_rhythm() -> None:
    first = next_slot(KEYS[1], HOUR, after=NOON)
    assert NOON < first <= NOON + HOUR
    assert next_slot(KEYS[1], HOUR, after=first) == first + HOUR
    assert first.second == 0


def test_many_sources_are_spread_over_the_interval() -> None:
    slots = Counter(next_slot(key, HOUR, after=NOON) for key in KEYS)
    per_minute = [slots[NOON + timedelta(minutes=minute)] for minute in range(1, 61)]
    assert max(per_minute) <= 30
    assert min(per_minute) >= 1


@pytest.mark.parametrize("day", [datetime(2026, 11, 19, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)])
def test_nights_are_spread_over_the_hours_when_nobody_works_in_oslo_in_summer_and_in_winter(day: datetime) -> None:
    nights = [last_night(key, day).astimezone(BOOKS_ZONE) for key in KEYS]
    assert {night.date() for night in nights} == {day.date()}
    hours = Counter(night.hour for night in nights)
    assert set(hours) == {0, 1, 2, 3, 4}
    assert max(hours.values()) <= 180
    assert all(is_night(night.astimezone(UTC)) for night in nights)


def test_before_its_own_moment_a_sources_latest_night_is_yesterdays() -> None:
    tonight = last_night(KEYS[0], NOON)
    assert last_night(KEYS[0], tonight) == tonight
    assert last_night(KEYS[0], tonight - timedelta(seconds=1)) == tonight - timedelta(days=1)


@pytest.mark.parametrize("month", [3, 10])
def test_each_night_comes_once_when_the_clocks_change(month: int) -> None:
    moments = [datetime(2026, month, 20, tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(48 * 12)]
    nights = {last_night(KEYS[2], moment) for moment in moments}
    assert len({night.astimezone(BOOKS_ZONE).date() for night in nights}) == len(nights) == 13


def test_by_day_is_no_night() -> None:
    assert not is_night(NOON)
    assert not is_night(datetime(2026, 11, 19, 23, 15, tzinfo=UTC))  # 00:15 in Oslo
    assert is_night(datetime(2026, 11, 19, 23, 45, tzinfo=UTC))


@pytest.mark.parametrize("hours", [3, 24])
def test_a_source_that_rests_for_hours_is_woken_at_its_moment_of_the_night(hours: int) -> None:
    moment, slots = NOON, []
    while moment < NOON + timedelta(days=2):
        moment = next_slot(KEYS[3], timedelta(hours=hours), after=moment)
        slots.append(moment)
    assert last_night(KEYS[3], NOON + timedelta(days=1)) in slots
    assert len(slots[:-1]) == 2 * (24 // hours + 1)
