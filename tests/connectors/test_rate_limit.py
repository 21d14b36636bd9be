from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tieout.connectors.errors import TryLaterError
from tieout.connectors.rate_limit import PER_SECOND, RateLimiter, Turn
from tieout.connectors.turns import EVEN, SOMEBODY, Claim, Priority

FRESH = Claim("a source", Priority.FRESH)
CALLER = """
import sys, time
from pathlib import Path
from tieout.connectors.rate_limit import RateLimiter
limiter = RateLimiter(Path(sys.argv[1]), "a-key")
sys.stdin.readline()
until = time.time() + float(sys.argv[2])
while time.time() < until:
    turn = limiter.take()
    turn.wait()
    print(time.time(), flush=True)
    turn.sent()
    turn.over(is_well=True)
"""


def use(limiter: RateLimiter, claim: Claim = SOMEBODY) -> Turn:
    turn = limiter.take(claim)
    turn.wait()
    turn.sent()
    turn.over(is_well=True)
    return turn


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(1 for other in moments if start <= other < start + 1) for start in moments)


def test_processes_share_one_limit_fairly_and_never_exceed_ten_in_a_sliding_second(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CALLER, str(tmp_path / "limits.db"), "4"]
    callers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    RateLimiter(tmp_path / "limits.db", "a-key").close()
    for caller in callers:
        assert caller.stdin is not None
        caller.stdin.write("go\n")
        caller.stdin.flush()
    taken = [[float(line) for line in caller.communicate(timeout=30)[0].split()] for caller in callers]
    moments = sorted(moment for own in taken for moment in own)

    assert most_in_a_second(moments) <= 10
    assert len(moments) >= 4 * PER_SECOND * 0.7  # a busy machine gives turns up
    assert min(len(own) for own in taken) >= len(moments) / len(taken) / 2


def test_first_call_waits_for_nobody_and_the_next_ones_are_spaced(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=20)
    moments = [use(limiter).moment for _ in range(5)]
    assert moments[0] <= time.time()
    assert moments[-1] - moments[0] >= 4 * EVEN / 20 - 0.001


def test_where_a_person_waits_the_call_overtakes_those_that_do_not(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=20)
    order: list[str] = []

    def patient(number: int) -> None:
        use(limiter, Claim(str(number % 3)))
        order.append("patient")

    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(patient, number) for number in range(20)]
        waiting[0].result()
        use(limiter, Claim("a person's", Priority.PERSON))
        order.append("person")
    assert order.index("person") <= 6  # those already called are not overtaken


def test_threads_of_a_company_in_its_first_sync_leave_turns_to_another_ones_hourly_sync(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=40)
    order: list[str] = []

    def call(claim: Claim) -> None:
        use(limiter, claim)
        order.append(claim.who)

    with ThreadPoolExecutor(42) as threads:
        first = [threads.submit(call, Claim("first", Priority.HEAVY)) for _ in range(36)]
        first[0].result()
        hourly = [threads.submit(call, Claim("hourly", Priority.FRESH)) for _ in range(6)]
        for one in hourly:
            one.result()
        assert order.count("first") < 30


def test_keys_do_not_wait_for_each_other(tmp_path: Path) -> None:
    use(RateLimiter(tmp_path / "limits.db", "one", per_second=0.1))
    started = time.monotonic()
    use(RateLimiter(tmp_path / "limits.db", "other", per_second=0.1))
    assert time.monotonic() - started < 5


def test_after_a_refusal_everybody_with_the_key_waits(tmp_path: Path) -> None:
    use(RateLimiter(tmp_path / "limits.db", "a-key")).refused(0.5)
    started = time.monotonic()
    use(RateLimiter(tmp_path / "limits.db", "a-key"))
    assert time.monotonic() - started >= 0.45


def test_after_a_refusal_nobody_uses_the_turn_that_was_reserved_before(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=1)
    turn = use(limiter)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(limiter.take)  # reserves a moment in 0.8 s
        wait_until(lambda: limiter._reserved is not None)
        turn.refused(2)
        assert waiting.result().moment >= turn.moment + 2


def test_the_file_does_not_hold_the_key(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-very-secret-key")
    use(limiter)
    limiter.close()
    assert all(b"a-very-secret-key" not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def open_all(_: int) -> None:
        for number in range(10):
            together.wait(10)
            RateLimiter(tmp_path / f"{number}.db", "a-key").close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(open_all, range(8)))


def test_who_has_little_patience_does_not_wait_for_a_turn_that_is_far_away(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key")
    limiter.push_back(60)
    with pytest.raises(TryLaterError, match="slow down"):
        limiter.take(patience=20)
    limiter.close()


def test_who_waits_in_line_gives_up_when_its_patience_ends(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=1)
    use(limiter)
    with ThreadPoolExecutor(2) as threads:
        patient = threads.submit(limiter.take)
        wait_until(lambda: limiter._reserved is not None)
        impatient = threads.submit(limiter.take, Claim("fill", Priority.FILL), patience=0.1)
        with pytest.raises(TryLaterError):
            impatient.result()
        assert patient.result().moment > 0


def test_a_file_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "limits.db") as database:
        database.execute("create table limits (key text primary key, next real not null) without rowid")
    use(RateLimiter(tmp_path / "limits.db", "a-key"))


def test_no_more_requests_are_under_way_than_the_limit_needs_and_a_person_finds_a_place(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=100)
    turns = [limiter.take(FRESH, patience=10) for _ in range(limiter._breadth.places)]
    with pytest.raises(TryLaterError):
        limiter.take(FRESH, patience=0.1)
    assert limiter.take(SOMEBODY, patience=10).moment > turns[0].moment


def test_who_waits_for_a_place_has_it_as_soon_as_an_answer_is_whole(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=100)
    turns = [limiter.take(FRESH, patience=10) for _ in range(limiter._breadth.places)]
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(limiter.take, FRESH, patience=20)
        wait_until(lambda: limiter._line.first is not None)
        turns[0].sent()
        turns[0].over(is_well=True)
        assert waiting.result()


def test_while_the_other_side_fails_requests_go_one_by_one(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=100)
    for _ in range(8):
        limiter.take(FRESH).over(is_well=False)
    limiter.take(FRESH, patience=10)
    with pytest.raises(TryLaterError):
        limiter.take(FRESH, patience=0.1)
