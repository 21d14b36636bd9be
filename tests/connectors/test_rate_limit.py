from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tieout.connectors.errors import TryLaterError
from tieout.connectors.rate_limit import PER_SECOND, RateLimiter

CALLER = """
import sys, time
from pathlib import Path
from tieout.connectors.rate_limit import RateLimiter
limiter = RateLimiter(Path(sys.argv[1]), "a-key")
sys.stdin.readline()
until = time.time() + float(sys.argv[2])
while time.time() < until:
    limiter.take()
    print(time.time(), flush=True)
"""


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
    started = time.monotonic()
    limiter.take()
    assert time.monotonic() - started < 0.04
    for _ in range(4):
        limiter.take()
    assert time.monotonic() - started >= 0.19


def test_where_a_person_waits_the_call_overtakes_those_that_do_not(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key", per_second=20)
    order: list[str] = []

    def patient(_: int) -> None:
        limiter.take()
        order.append("patient")

    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(patient, number) for number in range(20)]
        waiting[0].result()
        limiter.take(urgent=True)
        order.append("urgent")
    assert order.index("urgent") <= 4


def test_keys_do_not_wait_for_each_other(tmp_path: Path) -> None:
    slow = RateLimiter(tmp_path / "limits.db", "one", per_second=0.1)
    slow.take()
    started = time.monotonic()
    RateLimiter(tmp_path / "limits.db", "other", per_second=0.1).take()
    assert time.monotonic() - started < 1


def test_after_a_refusal_everybody_with_the_key_waits(tmp_path: Path) -> None:
    refused = RateLimiter(tmp_path / "limits.db", "a-key")
    refused.take()
    refused.push_back(0.5)
    started = time.monotonic()
    RateLimiter(tmp_path / "limits.db", "a-key").take()
    assert time.monotonic() - started >= 0.45


def test_a_clock_set_back_does_not_stop_all_calls_for_ever(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-key")
    limiter.take()
    limiter._database.execute("update limits set next = next + 86400")
    started = time.monotonic()
    limiter.take()
    assert time.monotonic() - started < 1


def test_the_file_does_not_hold_the_key(tmp_path: Path) -> None:
    limiter = RateLimiter(tmp_path / "limits.db", "a-very-secret-key")
    limiter.take()
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
        limiter.take(urgent=True, patience=20)
    limiter.close()
