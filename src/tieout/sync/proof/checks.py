"""Checks as they are gathered: each agrees, differs, can't be made now, or does not apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tieout.connectors.errors import NotPermittedError, TryLaterError, UnexpectedAnswerError
from tieout.ledger.trial_balance import Gap
from tieout.sync.events import Cause
from tieout.sync.plan import FIRST
from tieout.sync.work import Work
from tieout.warehouse.base import Check, CheckOutcome, Difference, StreamState, Verdict

LEDGER, VOUCHERS, NUMBERS, COUNTS = "ledger", "vouchers", "numbers", "counts"
OPEN_ITEMS, ORIGINS = "open_items", "origins"
AGREES, DIFFERS = CheckOutcome.AGREES, CheckOutcome.DIFFERS
COULD_NOT, NOT_APPLICABLE = CheckOutcome.COULD_NOT_CHECK, CheckOutcome.NOT_APPLICABLE
DAY = "day"  # the ledger at a day that somebody asked for
PER = "per_"  # how the names of a connector's dimensions begin
CLOSED = (StreamState.SKIPPED, StreamState.NOT_AVAILABLE)  # somebody skipped it, or the company does not open it to us
SHOWN = 1000  # so many differences of a check are kept
TROUBLE = (NotPermittedError, TryLaterError, UnexpectedAnswerError)


class UncheckableError(Exception):
    """A check that applies can't be made now. `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotOpenedError(UncheckableError):
    """A check rests on a stream that is closed and of which nothing is stored: there is nothing to prove."""


class Checks:
    """What one examination has found so far."""

    def __init__(self, work: Work, today: date) -> None:
        self._work, self.today = work, today
        self.made: list[Check] = []
        self.differences: list[Difference] = []

    def make(self, check: str, make: Callable[[], None], *, on: date | None = None) -> None:
        """Make a check, or tell why it could not be made."""
        try:
            make()
        except NotOpenedError as error:
            self.add(check, on or self.today, 0, NOT_APPLICABLE, error.reason)
        except (UncheckableError, *TROUBLE) as error:
            if isinstance(error, TryLaterError):
                self._work.cause = self._work.cause or Cause.TRY_LATER
            if isinstance(error, UnexpectedAnswerError):
                self._work.cause = Cause.UNEXPECTED
            self.add(check, on or self.today, 0, COULD_NOT, reason_of(error))

    def compare(
        self, check: str, on: date, compared: int, found: Sequence[Gap], *, number: str, remark: str | None = None
    ) -> None:
        """A check that was made, with its differences; `number` says what the gaps' numbers are, `remark` is a code."""
        for gap in found[:SHOWN]:
            told = Difference(
                check=check,
                date=on,
                stored=gap.ours,
                vendor=gap.theirs,
                account_no=gap.number or None if number == "account_no" else None,
                party_no=gap.number if number == "party_no" else None,
                voucher_no=gap.number if number == "voucher_no" else None,
            )
            self.differences.append(told)
        self.add(check, on, compared, DIFFERS if found else AGREES, remark)

    def add(self, check: str, on: date, compared: int, outcome: CheckOutcome, reason: str | None = None) -> None:
        """A check with its outcome."""
        self.made.append(Check(check=check, date=on, compared=compared, outcome=outcome, reason=reason))

    def require(self, *streams: str) -> None:
        """Raises UncheckableError where a stream that a check needs is not whole."""
        for name in streams:
            state = self._work.states.get(name)
            if state in (*CLOSED, StreamState.FAILED, StreamState.POSTPONED):
                raise UncheckableError(state.value)
            if FIRST not in self._work.store.cursors(name):
                raise UncheckableError("still_filling")

    def rest_on(self, stream: str) -> None:
        """As `require`, for a check of one stream's rows alone. Raises NotOpenedError where it is closed and empty."""
        state = self._work.states.get(stream)
        if state in CLOSED and not self._work.store.count(stream):
            raise NotOpenedError(state.value)
        self.require(stream)

    def is_ready(self, *streams: str) -> bool:
        """Whether the streams are whole."""
        try:
            self.require(*streams)
        except UncheckableError:
            return False
        return True


def is_aside(check: str) -> bool:
    """Whether a check of this name is told beside the verdict, which rests on all accounts at the dates of every tie-out."""
    return check == DAY or check.startswith(PER)


def verdict(checks: Sequence[Check]) -> Verdict:
    """One difference outweighs all; a check that could not be made is no proof; what does not apply or is told aside counts
    for nothing."""
    outcomes = {check.outcome for check in checks if not is_aside(check.check)}
    if DIFFERS in outcomes:
        return Verdict.NOT_PROVED
    return Verdict.PROVED if AGREES in outcomes and COULD_NOT not in outcomes else Verdict.COULD_NOT_CHECK


def reason_of(error: Exception) -> str:
    """The code of why a check could not be made."""
    match error:
        case UncheckableError():
            return error.reason
        case NotPermittedError():
            return "not_available"
        case TryLaterError():
            return "busy"
        case _:
            return "unexpected_answer"
