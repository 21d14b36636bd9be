"""A toy accounting system and its connector: two streams, key approval, no trial balance. It lives in memory.

It shows what another system costs (this file), and carries tests of the engine that need no vendor.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tieout.catalog import Ask, Column, How, Kind, Page, Stream
from tieout.connectors.base import SOMEBODY, Approval, Claim, Company, Onboarding, Proof, Secret
from tieout.connectors.errors import NeedsCompanyError

KEY = "toy-key"
MEMBERS = Stream(
    name="members",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("name", "Name", Kind.TEXT),
        Column("fee", "Fee", Kind.MONEY),
        Column("changed", "Changed", Kind.TIMESTAMP),
    ),
    how=How.CHANGED,
    changed_by=("changed",),
    key_scan=True,
)
BOOKINGS = Stream(
    name="bookings",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("day", "Day", Kind.DATE),
        Column("amount", "Amount", Kind.MONEY),
        Column("text", "Text", Kind.TEXT),
        Column("changed", "Changed", Kind.TIMESTAMP),
    ),
    how=How.CHANGED,
    changed_by=("changed",),
    windowed=True,
    window_column="day",
)


@dataclass
class ToySystem:
    """The system itself: records by stream and id, a clock, and faults to be raised by stream name."""

    now: datetime = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    page_size: int = 3
    records: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: {"members": {}, "bookings": {}})
    faults: dict[str, list[Exception]] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)
    shift: list[str] = field(
        default_factory=list
    )  # streams that lose their first record while pages are read, once each
    on_page: Callable[[Ask, int], None] = lambda ask, number: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, stream: str, key: int, **values: Any) -> None:
        """Add a record or change one, stamped with the system's clock."""
        self.records[stream][key] = {"Id": key, **values, "Changed": self.now.isoformat()}

    def slip(self, stream: str, key: int, **values: Any) -> None:
        """Change a record behind everybody's back: no stamp."""
        self.records[stream][key].update(values)

    def drop(self, stream: str, key: int) -> None:
        """Delete a record without a trace."""
        del self.records[stream][key]

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def found(self, ask: Ask) -> list[dict[str, Any]]:
        """The records that answer a question."""
        stream = ask.stream
        found = [dict(record) for _, record in sorted(self.records[stream.name].items())]
        if ask.window:
            day = stream.column(stream.window_column or "").field
            found = [r for r in found if ask.window.first <= date.fromisoformat(r[day]) <= ask.window.last]
        if ask.changed_after:
            stamp = ask.changed_by.capitalize()
            found = [r for r in found if r.get(stamp) and datetime.fromisoformat(r[stamp]) > ask.changed_after]
        if stream.number_column:
            number = stream.column(stream.number_column).field
            found = [r for r in found if ask.number_after is None or r[number] > ask.number_after]
            found = [r for r in found if not ask.numbers or r[number] in ask.numbers]
        if ask.part and stream.divided_by:
            number, last = stream.column(stream.divided_by).field, ask.part.last
            found = [r for r in found if ask.part.first <= r[number] and (last is None or r[number] <= last)]
        if ask.parent is not None:
            found = [r for r in found if str(r["Parent"]) == ask.parent]
        return [{"Id": r["Id"]} for r in found] if ask.keys_only else found


def filled_system() -> ToySystem:
    """Seven members and twenty bookings over three years."""
    system = ToySystem()
    for key in range(1, 8):
        system.put("members", key, Name=f"Member {key}", Fee=100 * key + 0.5)
    for key in range(1, 21):
        day = date(2024 + key % 3, 1 + key % 12, 1 + key)
        system.put(
            "bookings", key, Day=day.isoformat(), Amount=round((-1) ** key * key * 10.01, 2), Text=f"Booking {key}"
        )
    system.pass_time(days=1)
    return system


class ToyReader:
    """See `connectors.base.Reader`."""

    def __init__(self, system: ToySystem, key: str) -> None:
        self._system, self._key = system, key
        self.requests = self.throttled = 0

    def greet(self) -> None:
        self._request()
        if self._key != KEY:
            raise NeedsCompanyError("The toy system does not know this key.")

    def company(self) -> Company:
        self._request()
        if self._key != KEY:
            raise NeedsCompanyError("The toy system does not know this key.")
        return Company(name="Toy Company AS", organisation_number="999999999")

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        with self._system.lock:
            self._system.asked.append(ask)
            found = self._found(ask)
            fault = self._system.faults.get(ask.stream.name)
            error = fault.pop(0) if fault else None
        if error:
            raise error
        size = self._system.page_size
        total = len(found)
        if ask.stream.name in self._system.shift:
            self._system.shift.remove(ask.stream.name)
            self._system.drop(ask.stream.name, found[0]["Id"])
            del found[size]  # what was the first record of the second page now stands on the first, which is read
        if not found:
            self._request()
        for number, start in enumerate(range(0, len(found), size), start=1):
            self._request()
            self._system.on_page(ask, number)
            path = spool / f"{number:05d}.json.gz"
            path.write_bytes(gzip.compress(json.dumps(found[start : start + size]).encode()))
            fixed = {ask.stream.parent_column: ask.parent} if ask.stream.parent_column and ask.parent else {}
            yield Page(path=path, number=number, total=total, fixed=fixed, server_time=self._system.now)

    def total(self, ask: Ask) -> int | None:
        self._request()
        self._system.on_page(ask, 1)
        return len(self._found(ask))

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        raise NotImplementedError("this system has none")

    def party_balances(self, check: str, on: date) -> dict[int, Decimal]:
        raise NotImplementedError("this system has none")

    def server_time(self) -> datetime | None:
        return self._system.now if self.requests else None

    def close(self) -> None: ...

    def _request(self) -> None:
        with self._system.lock:
            self.requests += 1

    def _found(self, ask: Ask) -> list[dict[str, Any]]:
        return self._system.found(ask)


class ToyConnector:
    """See `connectors.base.Connector`."""

    name = "toy"
    title = "Toy Books"
    approval = Approval.KEY
    streams: tuple[Stream, ...] = (MEMBERS, BOOKINGS)
    proof = Proof()

    def __init__(self, system: ToySystem | None = None) -> None:
        self.system = system or filled_system()

    def onboarding(self) -> Onboarding:
        raise NotImplementedError("a key is pasted")

    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> ToyReader:
        return ToyReader(self.system, key.reveal())

    def where_to_end(self) -> str:
        return "In Toy Books, under Settings, Keys."
