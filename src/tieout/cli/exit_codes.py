"""What the exit code of a command means; other programs rely on it."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from enum import IntEnum

from tieout.connectors.errors import ConnectorError, NeedsCompanyError, NeedsOperatorError, TryLaterError


class ExitCode(IntEnum):
    PROVED = 0  # and any other command that did what it was asked
    NOT_PROVED = 1
    WRONG_USE = 2  # wrong use or settings, or the installation's own keys refused
    COMPANY_MUST_ACT = 3
    TRY_LATER = 4  # or another process holds TIEOUT_HOME
    FAULT = 5  # a fault of ours, or an unexpected answer


class Failure(Exception):  # noqa: N818 - it is the command that failed, told to a person
    """A command ends here: a sentence for the person, and the code for the script."""

    def __init__(self, message: str, code: ExitCode) -> None:
        super().__init__(message)
        self.code = code


def code_of(error: ConnectorError) -> ExitCode:
    """Who must act, as an exit code."""
    match error:
        case TryLaterError():
            return ExitCode.TRY_LATER
        case NeedsCompanyError():
            return ExitCode.COMPANY_MUST_ACT
        case NeedsOperatorError():
            return ExitCode.WRONG_USE
    return ExitCode.FAULT


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what led to it, is that the disk is full: SQLite and DuckDB say so in words only."""
    while error is not None:
        words = str(error).lower()
        if getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in words or "no space left" in words:
            return True
        error = error.__cause__ or error.__context__
    return False


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The code of many sources together: the first of 5, 2, 3, 1, 4, 0 that occurred."""
    occurred = set(codes)
    for code in (5, 2, 3, 1, 4):
        if code in occurred:
            return ExitCode(code)
    return ExitCode.PROVED
