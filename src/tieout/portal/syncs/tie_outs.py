"""A tie-out as pages show it: the verdict with its sign, checks counted, differences first. Read from stored events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.portal.syncs.models import Event
from tieout.portal.syncs.words import stream_title
from tieout.sync.proof.checks import is_aside

# Verdict or outcome -> the class of its sign in the stylesheet: = ≠ ? ~ ·
TONES = {
    "proved": "ok",
    "not_proved": "bad",
    "could_not_check": "warn",
    "partly": "wait",
    "agrees": "ok",
    "differs": "bad",
    "not_applicable": "off",
    "": "off",
}
MADE = ("agrees", "differs")
WHOLE = "counts"  # the check that every whole tie-out makes
LOOK_BACK = 200
SUBLEDGERS = ("customers", "suppliers")
NUMBERS = ("account_no", "party_no", "voucher_no")
ORDER = ("ledger", "customers", "suppliers", "vouchers", "counts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One comparison at one date. `compared` counts accounts, parties, vouchers or streams."""

    check: str
    on: date | None
    compared: int
    outcome: str
    reason: str = ""
    is_control: bool = False  # a subledger's second comparison: all parties together with their control accounts

    @property
    def tone(self) -> str:
        return TONES.get(self.outcome, "warn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One account or party that does not agree; amounts debit positive, in the company's currency."""

    check: str
    on: date | None
    number: int | str | None
    name: str
    stored: Decimal
    vendor: Decimal
    difference: Decimal
    dimension: str = ""  # code of the department or project


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All comparisons of one kind: the line under *What was compared*."""

    check: str
    checks: tuple[Check, ...]
    differences: int
    today: date = date.max  # of the tie-out: dates after it lie ahead

    @property
    def is_aside(self) -> bool:
        """Whether it is told beside the verdict, which does not rest on it."""
        return is_aside(self.check)

    @property
    def outcome(self) -> str:
        """The gravest outcome of the kind: a difference before a check that could not be made."""
        outcomes = {check.outcome for check in self.checks}
        return next(
            (name for name in ("differs", "could_not_check", "agrees") if name in outcomes),
            "not_applicable",
        )

    @property
    def tone(self) -> str:
        return TONES[self.outcome]

    @property
    def compared(self) -> int:
        """Of the latest date that does not lie ahead: dates repeat the same accounts, so adding them up would boast."""
        made = [check for check in self.checks if check.outcome in MADE and (check.on or date.min) <= self.today]
        return max(made, key=lambda check: check.on or date.min).compared if made else 0

    @property
    def reason(self) -> str:
        return next((check.reason for check in self.checks if check.reason), "")

    @property
    def dates(self) -> tuple[date, ...]:
        return tuple(sorted({check.on for check in self.checks if check.on and check.outcome in MADE}, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class TieOut:
    """One tie-out, whole."""

    at: datetime
    verdict: str
    checks: tuple[Check, ...]
    differences: tuple[Difference, ...]
    sync_id: int
    carried_from: datetime | None = None  # a quiet sync looks at today's balances only: the other checks are these

    @property
    def tone(self) -> str:
        return TONES.get(self.verdict, "warn")

    @property
    def made(self) -> int:
        return sum(check.outcome in MADE for check in self.checks)

    @property
    def missing(self) -> int:
        return sum(check.outcome == "could_not_check" for check in self.checks)

    @property
    def not_applicable(self) -> int:
        return sum(check.outcome == "not_applicable" for check in self.checks)

    @property
    def groups(self) -> tuple[Group, ...]:
        kinds = sorted(
            {check.check for check in self.checks}, key=lambda kind: (ORDER.index(kind) if kind in ORDER else 9, kind)
        )
        return tuple(
            Group(
                check=kind,
                checks=tuple(check for check in self.checks if check.check == kind),
                differences=sum(difference.check == kind for difference in self.differences),
                today=self.today,
            )
            for kind in kinds
        )

    @property
    def ledger(self) -> Group | None:
        return next((group for group in self.groups if group.check == "ledger"), None)

    @property
    def today(self) -> date:
        """The day that it was made, by its checks; without an end where the ledger alone was looked at, which then is of
        the day. Only a tie-out with other checks of its own looks at dates ahead, and those are of the day."""
        others = () if self.carried_from else (check for check in self.checks if check.check != "ledger")
        return max((check.on for check in others if check.on), default=date.max)

    @property
    def balances_on(self) -> date | None:
        """The day of the balances that are kept: the ledger's newest date but for those that lie ahead."""
        return next((on for on in self.ledger.dates if on <= self.today), None) if self.ledger else None

    @property
    def accounts_compared(self) -> int:
        return self.ledger.compared if self.ledger else 0

    @property
    def accounts_differing(self) -> int:
        return len({difference.number for difference in self.differences if difference.check == "ledger"})

    @property
    def accounts_agreeing(self) -> int:
        return max(0, self.accounts_compared - self.accounts_differing)

    @property
    def couldnt(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.outcome == "could_not_check")


def tie_out_of(source: Any) -> TieOut | None:
    """The latest tie-out of a data source; kinds of checks that a quiet one left out come from the one before it."""
    events = Event.objects.filter(sync__source=source, code="tie_out").order_by("-at", "-pk")
    latest = events.first()
    if latest is None:
        return None
    tie_out = read(latest)
    if tie_out.verdict != "proved" or _is_whole(tie_out):
        return tie_out
    earlier = (read(event) for event in events[1:LOOK_BACK].iterator())
    whole = next((one for one in earlier if _is_whole(one)), None)
    return tie_out if whole is None else _carrying(tie_out, whole)


def _is_whole(tie_out: TieOut) -> bool:
    return any(check.check == WHOLE for check in tie_out.checks)


def _carrying(tie_out: TieOut, whole: TieOut) -> TieOut:
    kinds = {check.check for check in tie_out.checks}
    carried = tuple(check for check in whole.checks if check.check not in kinds)
    return replace(tie_out, checks=(*tie_out.checks, *carried), carried_from=whole.at)


def read(event: Event) -> TieOut:
    """A stored tie-out, gravest differences first."""
    facts = event.facts
    differences = (_difference(row) for row in facts.get("differences", ()))
    return TieOut(
        at=event.at,
        verdict=facts.get("verdict", ""),
        checks=tuple(_checks(facts.get("checks", ()))),
        differences=tuple(sorted(differences, key=lambda row: (_rank(row.check), -abs(row.difference)))),
        sync_id=event.sync_id,
    )


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _checks(rows: Iterable[dict[str, Any]]) -> Iterable[Check]:
    seen = set()
    for row in rows:
        key = (row["check"], row.get("date"))
        yield Check(
            check=row["check"],
            on=_date(row.get("date")),
            compared=int(row.get("compared") or 0),
            outcome=row["outcome"],
            reason=row.get("reason") or "",
            is_control=key in seen and row["check"] in SUBLEDGERS,
        )
        seen.add(key)


def _difference(row: dict[str, Any]) -> Difference:
    return Difference(
        check=row["check"],
        on=_date(row.get("date")),
        number=next((row[key] for key in NUMBERS if row.get(key) is not None), None),
        name=row.get("name") or row.get("account_name") or stream_title(row.get("stream") or ""),
        stored=Decimal(row["stored"]),
        vendor=Decimal(row["vendor"]),
        difference=Decimal(row["difference"]),
        dimension=row.get("dimension") or "",
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
