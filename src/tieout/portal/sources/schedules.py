"""When people want a data source to sync: presets of how often and at which hours, and what follows from the hours.

Hours are those of the books (Oslo), so that a working day is one in summer and in winter.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

BOOKS_ZONE = ZoneInfo("Europe/Oslo")
HOUR = 60
DAY = 24 * HOUR
OPENS, CLOSES = 6, 20
EVERY_DAY, WEEKDAYS = range(7), range(5)


class Hours(models.TextChoices):
    """At which hours of the books' day syncs begin. Once a night they do in any case, for what was deleted."""

    ALWAYS = "always", _("Around the clock")
    WORKDAYS = "workdays", _("06–20 on weekdays")
    DAYTIME = "daytime", _("06–20 every day")
    NIGHT = "night", _("At night only")


DAYS = {Hours.WORKDAYS: WEEKDAYS, Hours.DAYTIME: EVERY_DAY}

# What people choose from: a group of presets, each with its interval in minutes, its hours, and its words.
PRESETS: tuple[tuple[Any, tuple[tuple[int, Hours, Any], ...]], ...] = (
    (
        Hours.ALWAYS.label,
        (
            (15, Hours.ALWAYS, _("Every 15 minutes")),
            (30, Hours.ALWAYS, _("Every 30 minutes")),
            (HOUR, Hours.ALWAYS, _("Every hour")),
            (3 * HOUR, Hours.ALWAYS, _("Every 3 hours")),
            (6 * HOUR, Hours.ALWAYS, _("Every 6 hours")),
            (12 * HOUR, Hours.ALWAYS, _("Every 12 hours")),
            (DAY, Hours.ALWAYS, _("Every day")),
        ),
    ),
    (
        Hours.WORKDAYS.label,
        (
            (15, Hours.WORKDAYS, _("Every 15 minutes, 06–20 on weekdays")),
            (HOUR, Hours.WORKDAYS, _("Every hour, 06–20 on weekdays")),
            (3 * HOUR, Hours.WORKDAYS, _("Every 3 hours, 06–20 on weekdays")),
        ),
    ),
    (
        Hours.DAYTIME.label,
        (
            (15, Hours.DAYTIME, _("Every 15 minutes, 06–20 every day")),
            (HOUR, Hours.DAYTIME, _("Every hour, 06–20 every day")),
            (3 * HOUR, Hours.DAYTIME, _("Every 3 hours, 06–20 every day")),
        ),
    ),
    (
        _("Once a day"),
        (
            (DAY, Hours.WORKDAYS, _("Weekdays in the morning, 06–07")),
            (DAY, Hours.DAYTIME, _("Every morning, 06–07")),
            (DAY, Hours.NIGHT, _("Every night")),
        ),
    ),
)


def code_of(minutes: int, hours: str) -> str:
    """How a form names a preset: "60.workdays"."""
    return f"{minutes}.{hours}"


def choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The presets for a form's field, in groups."""
    return [(group, [(code_of(minutes, hours), told) for minutes, hours, told in some]) for group, some in PRESETS]


def read(code: str) -> tuple[int, Hours]:
    """The interval in minutes and the hours of a preset. Raises KeyError for what is none."""
    known = {code_of(minutes, hours): (minutes, hours) for _group, some in PRESETS for minutes, hours, _told in some}
    return known[code]


def words(minutes: int, hours: str) -> str:
    """A preset as people read it."""
    known = {code_of(minutes, hours): told for _group, some in PRESETS for minutes, hours, told in some}
    return str(known.get(code_of(minutes, hours), ""))


def next_within_hours(key: str, minutes: int, hours: str, *, after: datetime) -> datetime:
    """The first moment after `after`, UTC, at which a source with opening hours (06–20) begins a sync. `key` is its id.

    The first of a day lies within the first hour, so that who syncs once has the figures in the morning; in which minute
    follows from the id, so that many sources share the limit. Raises KeyError for hours that have no opening.
    """
    first = after.astimezone(BOOKS_ZONE).date()
    days = (first + timedelta(days=ahead) for ahead in range(8))
    open_days = (day for day in days if day.weekday() in DAYS[Hours(hours)])
    return next(slot for day in open_days for slot in _slots_of(key, minutes, day) if slot > after)


def _slots_of(key: str, minutes: int, day: date) -> Iterator[datetime]:
    slot = _at(day, OPENS) + timedelta(minutes=zlib.crc32(key.encode()) % min(minutes, HOUR))
    while slot < _at(day, CLOSES):
        yield slot
        slot += timedelta(minutes=minutes)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), BOOKS_ZONE).astimezone(UTC)


def overdue_at(key: str, minutes: int, hours: str, *, since: datetime) -> datetime:
    """When a picture of `since` is no longer fresh: two intervals later, or with the second moment that was missed."""
    two_intervals = since + timedelta(minutes=2 * minutes)
    if Hours(hours) not in DAYS:
        return two_intervals
    missed = next_within_hours(key, minutes, hours, after=since)
    return max(two_intervals, next_within_hours(key, minutes, hours, after=missed))
