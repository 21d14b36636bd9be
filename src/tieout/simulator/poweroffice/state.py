"""What survives a restart with --state: the clock, how the books came where they are, keys, revocations, switches.

Books themselves are not kept: they are played again, move by move, and so come out the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tieout.simulator.books.company import Company
from tieout.simulator.poweroffice.history import Moved, as_json, from_json
from tieout.simulator.poweroffice.service import Service

FILE = "simulator.json"


class StateError(Exception):
    """The kept state can't be used. The text says what to do."""


class Kept:
    """The state in its folder. `save` writes it whole, or not at all."""

    def __init__(self, path: Path, told: dict[str, Any], found: dict[str, Any]) -> None:
        self._path, self._told, self._found = path, told, found
        self.begun = datetime.fromisoformat(found["begun"]) if found else None
        self._history = from_json(found.get("history", []))
        self._service: Service | None = None

    def resume(self, companies: Sequence[Company], now: datetime | None, *, live: bool = False) -> datetime:
        """Play the books up to where they were, then to now; the clock's new start. The clock never goes back.

        Books that live (`live`) have lived on in the meantime; what happened to others is stamped after what was last seen.
        """
        if not self._found:
            return now or datetime.now(UTC)
        for deed in self._history:
            deed.do(companies)
        seen = datetime.fromisoformat(self._found["seen"])
        ahead = datetime.fromisoformat(self._found["now"]) - datetime.fromisoformat(self._found["machine"])
        resumed = max(now or datetime.now(UTC) + ahead, seen)
        if resumed > seen:
            slept = Moved(resumed, None if live else seen)
            slept.do(companies)
            self._history.append(slept)
        return resumed

    def attach(self, service: Service, begun: datetime) -> None:
        """Give the service what was kept for it, and have every change of it saved."""
        self._service, self.begun = service, begun
        service.history = self._history
        service.options.change(self._found.get("options", {}))
        for number, kept in self._found.get("activations", {}).items():
            if number in service.activations:
                service.activations[number].is_active = kept["is_active"]
                service.activations[number].serial = kept["serial"]
        service.on_change = self.save
        self.save()

    def save(self) -> None:
        """Write the state beside the old one and put it in its place."""
        service = self._service
        if service is None or self.begun is None:
            return
        now = service.clock.now()
        body = {
            **self._told,
            "begun": self.begun.isoformat(),
            "now": now.isoformat(),
            "seen": now.isoformat(),
            "machine": datetime.now(UTC).isoformat(),
            "history": as_json(service.history),
            "options": service.options.as_json(),
            "activations": {
                number: {"is_active": activation.is_active, "serial": activation.serial}
                for number, activation in service.activations.items()
            },
        }
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(body, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


def open_state(folder: Path, told: dict[str, Any]) -> Kept:
    """The state in a folder, or a new one. Raises StateError when it is of other books, or can't be read."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        found = {}
    except ValueError as error:
        raise StateError(f"{path} can't be read; remove it to start over.") from error
    if found and any(found.get(name) != value for name, value in told.items()):
        raise StateError(
            f"{folder} holds the state of other books (seed, size, files, or those of an older version); "
            "give another folder, or start over: the demo does so with --reset."
        )
    return Kept(path, told, found)
