"""The limit's arithmetic in virtual time: when a request may go, and whose is next."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tieout.connectors.turns import (
    FORGIVEN_SECONDS,
    LONGEST_BACK_OFF_SECONDS,
    LONGEST_PAUSE_SECONDS,
    Claim,
    Line,
    Priority,
    Turns,
)
from tieout.simulator.poweroffice.gateway.limit import SlidingLimit

NOON = 1_790_000_000.0


def arrivals(turns: Turns, number: int, delays: list[float]) -> list[float]:
    """When requests arrive that are written late by these delays, in turn."""
    now, seen = NOON, []
    for index in range(number):
        place, moment = turns.reserve(now)
        at = moment + delays[index % len(delays)]
        turns.sent(place, at)
        seen.append(at)
        now = moment
    return sorted(seen)


def refusals(moments: list[float]) -> int:
    """How many of them the vendor would refuse."""
    now = 0.0
    limit, refused = SlidingLimit(monotonic=lambda: now), 0
    for now in moments:  # noqa: B007 - read by the clock
        refused += not limit.lets_through("a-key")
    return refused


def test_a_saturated_key_is_used_at_its_full_rate_and_never_refused() -> None:
    moments = arrivals(Turns(9.8), 1_000, [0.0])
    assert refusals(moments) == 0
    assert 999 / (moments[-1] - moments[0]) == pytest.approx(9.8, rel=0.01)


def test_late_threads_bring_no_refusal_and_cost_a_tenth_of_their_delay() -> None:
    chance = random.Random(1)
    delays = [chance.choice([0.001, 0.002, 0.005, 0.06, 0.3]) for _ in range(997)]
    moments = arrivals(Turns(9.8), 2_000, delays)
    assert refusals(moments) == 0
    assert 1_999 / (moments[-1] - moments[0]) > 8.5


def test_turns_are_spread_over_the_second() -> None:
    moments = arrivals(Turns(9.8), 30, [0.0])
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 0.08


def test_who_comes_after_a_while_waits_for_nobody() -> None:
    turns = Turns(9.8)
    turns.reserve(NOON)
    assert turns.reserve(NOON + 60)[1] == NOON + 60


def test_a_refusal_stops_all_as_long_as_it_says() -> None:
    turns = Turns(9.8)
    turns.refuse(NOON, 3)
    assert turns.reserve(NOON)[1] == NOON + 3


def test_refusals_of_requests_that_were_on_their_way_together_count_once() -> None:
    turns = Turns(9.8)
    for number in range(5):
        turns.refuse(NOON + number / 100, 1)
    assert turns.strikes == 1
    assert turns.reserve(NOON + 0.05)[1] == pytest.approx(NOON + 1.04)


def test_refusals_in_a_row_wait_twice_as_long_each_time_up_to_a_minute() -> None:
    turns, now, pauses = Turns(9.8), NOON, []
    for _ in range(9):
        turns.refuse(now, 1)
        pauses.append(turns.not_before - now)
        now = turns.not_before + 0.5
    assert pauses == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])
    assert max(pauses) <= LONGEST_BACK_OFF_SECONDS


def test_each_refusal_leaves_more_room_and_one_a_minute_is_forgiven() -> None:
    turns = Turns(9.8)
    for number in range(3):
        turns.refuse(NOON + 50 * number, 1)
    assert turns.seconds == pytest.approx(10 / 9.8 + 0.06)
    turns.reserve(NOON + 100 + FORGIVEN_SECONDS + 1)
    assert turns.seconds == pytest.approx(10 / 9.8 + 0.04)
    turns.reserve(NOON + 100 + 4 * FORGIVEN_SECONDS)
    assert turns.seconds == pytest.approx(10 / 9.8)


def test_a_request_that_was_long_on_its_way_keeps_its_place_as_much_longer() -> None:
    turns = Turns(9.8)
    place, moment = turns.reserve(NOON)
    free = turns.sent(place, moment)
    turns.arrived(place, free, 0.04)
    assert turns.free[place] == pytest.approx(free + 0.04)


def test_an_answer_says_nothing_of_a_place_that_was_given_on_since() -> None:
    turns = Turns(9.8)
    free = turns.sent(*turns.reserve(NOON))
    for _ in range(10):
        place, moment = turns.reserve(NOON)
        turns.sent(place, moment)
    before = list(turns.free)
    turns.arrived(0, free, 0.04)
    assert turns.free == before


def test_no_pause_is_endless() -> None:
    turns = Turns(9.8)
    turns.refuse(NOON, 86_400)
    assert turns.not_before <= NOON + LONGEST_PAUSE_SECONDS


def test_a_clock_set_back_does_not_stop_all_calls_for_ever() -> None:
    turns = Turns(9.8)
    turns.reserve(NOON + 86_400)
    moments = arrivals(turns, 30, [0.0])
    assert moments[0] <= NOON + 1
    assert refusals(moments) == 0


def test_what_is_stored_goes_on_where_it_was() -> None:
    turns = Turns(9.8)
    for number in range(14):
        turns.sent(*turns.reserve(NOON + number / 100))
    turns.refuse(NOON + 2, 1)
    assert Turns.from_numbers(9.8, turns.as_numbers()) == turns


def served(line: Line, number: int) -> list[str]:
    names = []
    for _ in range(number):
        first = line.first
        assert first is not None
        line.leave(first, served=True)
        names.append(first.claim.who)
    return names


def stand(line: Line, who: str, priority: Priority, number: int) -> None:
    for _ in range(number):
        line.enter(Claim(who, priority))


def test_a_person_goes_before_all_and_fills_after_all() -> None:
    line = Line()
    for who, priority in (("fill", Priority.FILL), ("first", Priority.HEAVY), ("hourly", Priority.FRESH)):
        stand(line, who, priority, 2)
    stand(line, "person", Priority.PERSON, 2)
    names = served(line, 8)
    assert names[:2] == ["person"] * 2
    assert names[-2:] == ["fill"] * 2


def test_a_company_with_many_requests_waiting_gets_no_more_than_its_share() -> None:
    line = Line()
    stand(line, "busy", Priority.FRESH, 100)
    stand(line, "quiet", Priority.FRESH, 10)
    assert abs(served(line, 20).count("quiet") - 10) <= 1


def test_who_comes_later_is_not_made_to_wait_for_what_others_have_waiting() -> None:
    line = Line()
    stand(line, "early", Priority.FRESH, 100)
    served(line, 50)
    stand(line, "late", Priority.FRESH, 4)
    assert served(line, 9).count("late") == 4


def test_a_first_sync_leaves_four_turns_of_five_to_whoever_brings_what_is_new() -> None:
    line = Line()
    stand(line, "first", Priority.HEAVY, 100)
    stand(line, "hourly", Priority.FRESH, 100)
    assert served(line, 50).count("first") == pytest.approx(10, abs=1)


def test_a_first_sync_goes_on_however_many_others_there_are() -> None:
    line = Line()
    stand(line, "first", Priority.HEAVY, 10)
    for company in range(20):
        stand(line, f"hourly {company}", Priority.FRESH, 100)
    assert "first" in served(line, 100)


def test_who_loses_patience_is_passed_over() -> None:
    line = Line()
    gone = line.enter(Claim("gone"))
    stand(line, "there", Priority.FRESH, 1)
    line.leave(gone, served=False)
    assert served(line, 1) == ["there"]
    assert line.first is None
