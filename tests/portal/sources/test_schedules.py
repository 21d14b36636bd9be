"""Presets: what they are called, and the moments that follow from opening hours."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tieout.portal.sources import schedules
from tieout.portal.sources.models import Source
from tieout.portal.sources.schedules import BOOKS_ZONE, PRESETS, Hours, next_within_hours
from tieout.portal.syncs import rhythm
from tieout.portal.syncs.schedule import coming, next_slot

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEYS = [str(uuid.UUID(int=n)) for n in range(40)]


@pytest.mark.parametrize("key", KEYS[:5])
def test_on_weekdays_nothing_begins_before_six_after_twenty_or_on_a_weekend(key: str) -> None:
    at = FRIDAY
    for _ in range(40):
        at = next_within_hours(key, 60, Hours.WORKDAYS, after=at)
        local = at.astimezone(BOOKS_ZONE)
        assert 6 <= local.hour < 20
        assert local.weekday() < 5
        assert local.second == 0


@pytest.mark.parametrize("key", KEYS[:5])
def test_once_in_the_morning_is_between_six_and_seven_in_summer_and_in_winter(key: str) -> None:
    for after in (FRIDAY, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)):
        slot = next_within_hours(key, schedules.DAY, Hours.DAYTIME, after=after)
        assert slot.astimezone(BOOKS_ZONE).hour == 6
        assert slot - after < timedelta(hours=20)


def test_many_sources_do_not_begin_in_one_minute() -> None:
    slots = {next_within_hours(key, 60, Hours.WORKDAYS, after=FRIDAY) for key in KEYS}
    assert len(slots) > 15


@pytest.mark.parametrize(
    ("minutes", "hours"), [(minutes, hours) for _g, some in PRESETS for minutes, hours, _w in some]
)
def test_every_preset_has_words_a_code_and_moments_that_include_the_night(minutes: int, hours: Hours) -> None:
    assert schedules.read(schedules.code_of(minutes, hours)) == (minutes, hours)
    assert schedules.words(minutes, hours)
    source = Source(id=uuid.UUID(int=1), interval_minutes=minutes, hours=hours)
    slots = coming(source, after=FRIDAY)
    assert slots == sorted(set(slots))
    assert slots[0] > FRIDAY
    if minutes > schedules.HOUR or hours != Hours.ALWAYS:
        night = rhythm.next_night(str(source.pk), after=FRIDAY)
        assert next_slot(source, after=night - timedelta(minutes=1)) == night


def test_a_preset_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        schedules.read("7.always")
