"""What was done to the books since they were made, so that a restart can do it again in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from tieout.simulator.books.changes import one_kind
from tieout.simulator.books.company import Company
from tieout.simulator.books.invented.company import InPlace, InventedCompany


@dataclass(slots=True)
class Moved:
    """Time passed up to `until`; nothing got a stamp before `awake` (None: everything the stamp of when it was due)."""

    until: datetime
    awake: datetime | None = None

    def do(self, companies: Iterable[Company]) -> None:
        for company in companies:
            company.advance(self.until, awake=self.awake)


@dataclass(frozen=True, slots=True)
class Switched:
    """From then on posted vouchers were corrected in another way."""

    in_place: str

    def do(self, companies: Iterable[Company]) -> None:
        for company in companies:
            if isinstance(company, InventedCompany):
                company.in_place = InPlace(self.in_place)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of one kind was asked for. `do` says whether there was something that it could happen to."""

    organisation_number: str
    kind: str

    def do(self, companies: Iterable[Company]) -> bool:
        for company in companies:
            is_meant = company.books.profile.organisation_number == self.organisation_number
            if is_meant and isinstance(company, InventedCompany):
                return one_kind.make(company, self.kind)
        return False


Deed: TypeAlias = Moved | Switched | Changed


def as_json(deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """As a state keeps them."""
    return [_one_as_json(deed) for deed in deeds]


def from_json(told: Iterable[dict[str, Any]]) -> list[Deed]:
    """The same again. Raises KeyError, ValueError for what is none."""
    return [_one_from_json(one) for one in told]


def _one_as_json(deed: Deed) -> dict[str, Any]:
    if isinstance(deed, Moved):
        return {"until": deed.until.isoformat(), "awake": deed.awake.isoformat() if deed.awake else None}
    if isinstance(deed, Switched):
        return {"in_place": deed.in_place}
    return {"org": deed.organisation_number, "kind": deed.kind}


def _one_from_json(told: dict[str, Any]) -> Deed:
    if "until" in told:
        awake = told["awake"]
        return Moved(datetime.fromisoformat(told["until"]), datetime.fromisoformat(awake) if awake else None)
    return Switched(told["in_place"]) if "in_place" in told else Changed(told["org"], told["kind"])
