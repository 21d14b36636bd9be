"""Books that move between two questions of one check are no reason to doubt what is stored."""

from __future__ import annotations

from pathlib import Path

from tests.false_alarms import check
from tests.simulators import running_simulator
from tieout.warehouse.base import Verdict


def test_checks_over_moving_books_raise_no_false_alarm(tmp_path: Path) -> None:
    with running_simulator(size="tiny", seed=4, throttle=False, thread=True) as simulator:
        told = check(simulator, tmp_path, checks=10, seed=4, every=8)
    assert told.moves > 0
    assert told.verdicts == {Verdict.PROVED: 10}, told.alarms
    assert told.incidents == 0
