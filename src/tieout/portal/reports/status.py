"""How fresh and how proved figures are: of one company its own, of several the oldest and the worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tieout.portal.reports.reading import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`as_of`: what was changed at the source later is not in the figures. `verdict` is empty before the first tie-out."""

    as_of: datetime | None
    verdict: str
    verdict_at: datetime | None
    currency: str


def status_of(companies: Sequence[Row]) -> Status:
    """The status of figures that come from all these companies."""
    currencies = {row["currency_code"] for row in companies if row["currency_code"]}
    verdicts = [row["verdict"] or "" for row in companies]
    return Status(
        as_of=min((row["as_of"] for row in companies if row["as_of"]), default=None),
        verdict=_worst(verdicts),
        verdict_at=min((row["verdict_at"] for row in companies if row["verdict_at"]), default=None),
        currency=currencies.pop() if len(currencies) == 1 else "",
    )


def _worst(verdicts: Sequence[str]) -> str:
    if "not_proved" in verdicts:
        return "not_proved"
    if verdicts and all(verdict == "proved" for verdict in verdicts):
        return "proved"
    return "could_not_check" if any(verdicts) else ""
