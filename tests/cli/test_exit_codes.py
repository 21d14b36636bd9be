"""Exit codes are a promise to other programs."""

from __future__ import annotations

import pytest

from tieout.cli.exit_codes import ExitCode, code_of, worst
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
