"""What a sync tells, as it happens. Events carry codes and figures; the texts are made where they are shown."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from tieout.warehouse.base import Check, Difference, Outcome, StreamGrade, TieOut, Verdict
from tieout.warehouse.incidents import Finding, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a sync told. `at` is UTC."""

    name: ClassVar[str]
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """`event`, `at` and the facts, ready for JSON. Whoever runs the sync adds source and organisation number."""
        facts = {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name != "at"}
        return {"event": self.name, "at": _plain(self.at), **facts}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStarted(Event):
    name: ClassVar[str] = "sync_started"
    sync: int
    first: bool  # nothing of this source is complete yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlanned(Event):
    """`requests` is what the sync will ask, as far as can be known now; `deferred` the part that never delays the rest."""

    name: ClassVar[str] = "sync_planned"
    streams: tuple[str, ...]
    requests: int
    deferred: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStarted(Event):
    """`how` is first, changed, whole, numbered, lines, snapshot, scan or again (a window read a second time)."""

    name: ClassVar[str] = "stream_started"
    stream: str
    how: str
    planned: int  # requests


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamProgressed(Event):
    """After each page. `requests` of `planned` are done; `planned` grows when the source tells that there is more."""

    name: ClassVar[str] = "stream_progressed"
    stream: str
    rows: int
    requests: int
    planned: int
    first: date | None = None  # the window being read
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFinished(Event):
    name: ClassVar[str] = "stream_finished"
    stream: str
    rows: int
    new: int
    changed: int
    removed: int
    requests: int
    filling: bool = False  # more is still to come in later syncs
    noise: int = 0
    unknown: tuple[str, ...] = ()  # fields of the source that the catalog lacks; kept in `_extra`


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPostponed(Event):
    """Busy or down: the next sync carries on."""

    name: ClassVar[str] = "stream_postponed"
    stream: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamNotAvailable(Event):
    """The company lacks the module or has not granted the privilege. Rows read earlier stay."""

    name: ClassVar[str] = "stream_not_available"
    stream: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFailed(Event):
    """An unexpected answer: the stream stopped, nothing stored was touched."""

    name: ClassVar[str] = "stream_failed"
    stream: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowReadAgain(Event):
    """The source's own totals told that a part of a stream had been changed behind our back; it was read again."""

    name: ClassVar[str] = "read_again"
    stream: str
    changed: int
    removed: int
    new: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Event):
    name: ClassVar[str] = "published"


class Cause(StrEnum):
    """Who must act when a sync did not succeed."""

    TRY_LATER = "try_later"
    COMPANY = "company"
    OPERATOR = "operator"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncFinished(Event):
    """`cause` says who must act, None when all went well or somebody cancelled. `reason` is for people."""

    name: ClassVar[str] = "sync_finished"
    sync: int
    outcome: Outcome
    rows: int
    requests: int
    throttled: int
    seconds: float
    cause: Cause | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedOut(Event):
    """The verdict. `cause` says why a tie-out could not be made."""

    name: ClassVar[str] = "tie_out"
    tie_out: TieOut
    cause: Cause | None = None

    def as_json(self) -> dict[str, Any]:
        """As `design/scripting.md` binds it: amounts as text with two decimals at least, dates as YYYY-MM-DD."""
        tie_out = self.tie_out
        return {
            "event": self.name,
            "at": _plain(self.at),
            "verdict": tie_out.verdict.value,
            "checks": [_check(check) for check in tie_out.checks],
            "differences": [_difference(difference) for difference in tie_out.differences],
            "streams": [_grade(grade) for grade in tie_out.streams],
            "cause": self.cause.value if self.cause else None,
            "convention": tie_out.convention,
            "incident": _incident(tie_out.incident) if tie_out.incident else None,
        }

    @property
    def verdict(self) -> Verdict:
        return self.tie_out.verdict


def _check(check: Check) -> dict[str, Any]:
    return {
        "check": check.check,
        "date": check.date.isoformat(),
        "compared": check.compared,
        "outcome": check.outcome.value,
        "reason": check.reason,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "check": difference.check,
        "date": difference.date.isoformat(),
        "account_no": difference.account_no,
        "party_no": difference.party_no,
        "voucher_no": difference.voucher_no,
        "stream": difference.stream,
        "dimension": difference.dimension,
        "stored": amount(difference.stored),
        "vendor": amount(difference.vendor),
        "difference": amount(difference.difference),
    }


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "state": incident.state.value,
        "proved_at": _plain(incident.proved_at),
        "first_date": _plain(incident.first_date),
        "last_date": _plain(incident.last_date),
        "requests": incident.requests,
        "findings": [_finding(finding) for finding in incident.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = {f.name: _plain(getattr(finding, f.name)) for f in fields(finding)}
    amounts = {name: amount(getattr(finding, name)) for name in ("stored", "vendor", "difference")}
    return {**told, **amounts}


def _grade(grade: StreamGrade) -> dict[str, Any]:
    return {
        "stream": grade.stream,
        "grade": grade.grade.value,
        "date": grade.on.isoformat(),
        "holds": grade.holds,
        "filling": grade.filling,
    }


def amount(value: Decimal) -> str:
    """An amount as text with two decimals, more only where they are not zero."""
    text = f"{value.normalize():f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value
