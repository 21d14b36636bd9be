"""The rhythm of a data source: its slots within the interval and its moment of the night, from its id alone.

Arithmetic only, so that a simulated day can use it. All moments are UTC.
"""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BOOKS_ZONE = ZoneInfo("Europe/Oslo")  # of the companies
# Heavy checks are asked for at moments spread over these hours, while nobody works.
NIGHT_BEGINS = timedelta(minutes=30)  # after midnight
NIGHT_LASTS = timedelta(hours=4, minutes=30)
MORNING = timedelta(hours=6)  # what was not asked for by then waits for the next night
LONGEST_WITHOUT = timedelta(hours=30)  # unless the last one is so long ago: this installation sleeps at night


def next_slot(key: str, interval: timedelta, *, after: datetime) -> datetime:
    """The first moment of a source's own rhythm after `after`, a whole minute.

    Each source has a fixed offset within its interval, so that thousands of them share the limit evenly. One that
    rests for hours is woken at its moment of the night too, so that its heavy check does not fall into the day.
    """
    seconds = int(interval.total_seconds())
    offset = zlib.crc32(key.encode()) % seconds // 60 * 60
    passed = (int(after.timestamp()) - offset) // seconds
    slot = datetime.fromtimestamp((passed + 1) * seconds + offset, UTC)
    return slot if interval <= timedelta(hours=1) else min(slot, next_night(key, after=after))


def last_night(key: str, now: datetime) -> datetime:
    """A source's latest moment of the night: its thorough sync belongs after it."""
    today = now.astimezone(BOOKS_ZONE).date()
    tonight = _moment(key, today)
    return tonight if tonight <= now else _moment(key, today - timedelta(days=1))


def is_night(now: datetime) -> bool:
    """Whether heavy checks may begin."""
    return NIGHT_BEGINS <= now - _midnight(now.astimezone(BOOKS_ZONE).date()) < MORNING


def next_night(key: str, *, after: datetime) -> datetime:
    """A source's first moment of the night after `after`."""
    today = after.astimezone(BOOKS_ZONE).date()
    tonight = _moment(key, today)
    return tonight if tonight > after else _moment(key, today + timedelta(days=1))


def _moment(key: str, night: date) -> datetime:
    minutes = zlib.crc32(f"night {key}".encode()) % int(NIGHT_LASTS.total_seconds() // 60)
    return _midnight(night) + NIGHT_BEGINS + timedelta(minutes=minutes)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), BOOKS_ZONE).astimezone(UTC)
