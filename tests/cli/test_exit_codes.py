"""Exit codes are a promise to other programs."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from tieout.cli.exit_codes import ExitCode, code_of, is_disk_full, worst
from tieout.connectors import errors


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


def test_a_full_disk_is_known_however_it_is_told() -> None:
    wrapped = RuntimeError("the sync broke")
    wrapped.__cause__ = sqlite3.OperationalError("database or disk is full")
    assert is_disk_full(wrapped)
    assert is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
