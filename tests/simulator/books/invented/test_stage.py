from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tieout.simulator.books.invented.stage import Stage, midnight
from tieout.simulator.books.model import Books, Profile
from tieout.simulator.books.numbers import uuid

START = datetime(2026, 1, 1, 6, tzinfo=UTC)


@pytest.fixture
def stage() -> Stage:
    profile = Profile(
        name="Prøve AS", organisation_number="300000000", client_id=uuid(Random(1)), conversion_date=START.date()
    )
    return Stage(Books(profile=profile, now=START), stream="test")


def test_events_happen_in_order_of_time_with_the_clock_at_their_instant(stage: Stage) -> None:
    seen: list[tuple[str, datetime]] = []
    later, sooner = START + timedelta(hours=2), START + timedelta(hours=1)
    stage.at(later, lambda: seen.append(("later", stage.books.now)))
    stage.at(sooner, lambda: seen.append(("sooner", stage.books.now)))
    stage.advance(later)
    assert seen == [("sooner", sooner), ("later", later)]


def test_event_after_the_asked_time_waits(stage: Stage) -> None:
    seen: list[str] = []
    stage.at(START + timedelta(hours=1), lambda: seen.append("happened"))
    stage.advance(START + timedelta(minutes=59))
    assert seen == []
    assert stage.books.now == START + timedelta(minutes=59)


def test_days_are_planned_once_each_and_in_order(stage: Stage) -> None:
    planned: list[date] = []
    stage.begin(date(2026, 1, 2), [planned.append])
    stage.advance(midnight(date(2026, 1, 4)))
    assert planned == [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 4)]


def test_what_was_due_while_nobody_was_awake_gets_later_stamps_but_its_own_day(stage: Stage) -> None:
    seen: list[tuple[date, datetime]] = []
    stage.at(START + timedelta(days=1), lambda: seen.append((stage.today, stage.books.now)))
    awake = START + timedelta(days=3)
    stage.advance(START + timedelta(days=4), awake=awake)
    assert seen == [(date(2026, 1, 2), awake)]


def test_clock_never_goes_back(stage: Stage) -> None:
    stage.advance(START - timedelta(days=1))
    assert stage.books.now == START


def test_instant_without_time_zone_is_refused(stage: Stage) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        stage.advance(datetime(2026, 2, 1))  # noqa: DTZ001
