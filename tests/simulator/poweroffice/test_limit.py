"""The limit counts what it let through in any second, in real time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.simulator.poweroffice.gateway.limit import REQUESTS, SlidingLimit


class Time:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 0.4), max_size=80))
def test_never_more_than_ten_pass_in_any_second(waits: list[float]) -> None:
    time = Time()
    limit, passed = SlidingLimit(time), []
    for wait in waits:
        time.now += wait
        if limit.lets_through("key"):
            passed.append(time.now)
    assert all(later - earlier >= 1 for earlier, later in zip(passed, passed[REQUESTS:], strict=False))


def test_steady_client_below_the_limit_is_never_stopped() -> None:
    time = Time()
    limit = SlidingLimit(time)
    for _ in range(200):
        assert limit.lets_through("key")
        time.now += 1 / 9.8


def test_keys_have_limits_of_their_own_and_refused_requests_do_not_count() -> None:
    time = Time()
    limit = SlidingLimit(time)
    assert [limit.lets_through("one") for _ in range(REQUESTS + 5)] == [True] * REQUESTS + [False] * 5
    assert limit.lets_through("other")
    time.now += 1.0
    assert [limit.lets_through("one") for _ in range(REQUESTS)] == [True] * REQUESTS
