"""Exit codes are a promise to other programs."""

from __future__ import annotations

import errno
import sqlite3
from datetime import UTC, date, datetime

import pytest

from tieout.cli.exit_codes import ExitCode, code_of, is_disk_full, worst
from tieout.cli.source import _codes_of_day
from tieout.connectors import errors
from tieout.sync.events import TiedOut
from tieout.warehouse.base import Check, CheckOutcome, TieOut, Verdict


@pytest.mark.parametrize(
    ("codes", "expected"),
    [((0, 0), 0), ((0, 4), 4), ((4, 1), 1), ((1, 3), 3), ((3, 2), 2), ((2, 5, 0), 5), ((), 0)],
)
def test_all_sources_end_with_the_first_of_5_2_3_1_4_0_that_occurred(codes: tuple[int, ...], expected: int) -> None:
    assert worst([ExitCode(code) for code in codes]) == expected


def test_an_error_says_who_must_act() -> None:
    assert code_of(errors.TryLaterError("busy")) == 4
    assert code_of(errors.NeedsCompanyError("withdrawn")) == 3
    assert code_of(errors.NotPermittedError("module", reason="no module")) == 3
    assert code_of(errors.NeedsOperatorError("keys")) == 2
    assert code_of(errors.UnexpectedAnswerError("odd")) == 5


@pytest.mark.parametrize(
    ("outcome", "codes"),
    [(CheckOutcome.AGREES, []), (CheckOutcome.DIFFERS, [1]), (CheckOutcome.COULD_NOT_CHECK, [4])],
)
def test_a_day_that_was_asked_for_has_a_code_beside_the_verdicts(outcome: CheckOutcome, codes: list[int]) -> None:
    now, day = datetime(2026, 3, 1, tzinfo=UTC), date(2026, 2, 11)
    check = Check(check="day", date=day, compared=3, outcome=outcome)
    event = TiedOut(at=now, tie_out=TieOut(at=now, verdict=Verdict.PROVED, checks=(check,), differences=())).as_json()
    assert list(_codes_of_day(event, day)) == codes
    assert list(_codes_of_day(event, date(2026, 2, 12))) == []


def test_a_full_disk_is_known_however_it_is_told() -> None:
    wrapped = RuntimeError("the sync broke")
    wrapped.__cause__ = sqlite3.OperationalError("database or disk is full")
    assert is_disk_full(wrapped)
    assert is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
