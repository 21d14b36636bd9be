"""Everything that the simulated PowerOffice knows: companies and their keys, people, clock, switches, counts."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tieout.simulator.books.company import Company
from tieout.simulator.books.model import Books
from tieout.simulator.poweroffice.clock import Clock
from tieout.simulator.poweroffice.gateway import privileges
from tieout.simulator.poweroffice.history import Changed, Deed, Moved, Switched
from tieout.simulator.poweroffice.options import Options
from tieout.simulator.poweroffice.people import people_of

PRODUCTION, DEMO = "production", "demo"
_SECONDS_BETWEEN_NOTES = 30


@dataclass(slots=True)
class Activation:
    """The integration at one company: its client keys, and whether it is switched on there."""

    company: Company
    is_active: bool = True
    serial: int = 0  # how often the key was replaced

    @property
    def books(self) -> Books:
        return self.company.books

    @property
    def organisation_number(self) -> str:
        return self.books.profile.organisation_number

    def key(self, environment: str) -> str:
        """A uuid that follows from the company, so that scripts may keep it; keys of the environments differ."""
        return str(uuid5(NAMESPACE_URL, f"simulator:{self.books.profile.client_id}:{environment}:{self.serial}"))


@dataclass(slots=True)
class Requests:
    """What clients asked of the vendor's API since the last reset; control is not counted."""

    seen: int = 0
    throttled: int = 0
    by_path: Counter[str] = field(default_factory=Counter)
    by_company: Counter[str] = field(default_factory=Counter)


class Service:
    """The state behind all requests. Used from the server's one thread only, but for reading rows."""

    def __init__(
        self,
        companies: Sequence[Company],
        clock: Clock,
        *,
        latency: float = 0,
        throttle: bool = True,
        options: Options | None = None,
        live: bool = False,
    ) -> None:
        self.activations = {company.books.profile.organisation_number: Activation(company) for company in companies}
        self.people = people_of(list(self.activations))
        self.clock = clock
        self.latency = latency  # seconds
        self.throttle = throttle
        self.live = live  # the books live on as time passes, not only when the clock is moved
        self.options = options or Options()
        self.requests = Requests()
        self.reading = threading.Lock()  # held while rows are read, and while books move
        self.history: list[Deed] = []  # how the books came here from the start
        self._noted = time.monotonic()
        self.on_change: Callable[[], None] = lambda: None  # called after what a restart must remember

    def note_time(self) -> None:
        """Have the time remembered now and then while clients are asking: what they saw lies before it."""
        if time.monotonic() - self._noted > _SECONDS_BETWEEN_NOTES:
            self._noted = time.monotonic()
            self.on_change()

    def by_key(self, key: str, environment: str) -> Activation | None:
        """Whose client key this is, where the integration is switched on and not blocked."""
        for activation in self.activations.values():
            if activation.key(environment) == key.lower() and activation.is_active and not self.is_blocked(activation):
                return activation
        return None

    def is_blocked(self, activation: Activation) -> bool:
        return activation.organisation_number in self.options.blocked

    def approve(self, activation: Activation) -> None:
        """Switch the integration on. Whether its key stays is a switch (contract 11.10)."""
        activation.is_active = True
        activation.serial += self.options.rotate_keys
        self.on_change()

    def revoke(self, activation: Activation) -> None:
        """Switch the integration off, as the company does it: no new tokens."""
        activation.is_active = False
        self.on_change()

    def subscriptions(self, activation: Activation) -> list[str]:
        told = self.options.subscriptions.get(activation.organisation_number)
        return list(activation.books.profile.subscriptions) if told is None else told

    def is_partner(self, activation: Activation) -> bool:
        """Whether this is the accounting firm itself (contract 3.7)."""
        return activation.organisation_number == self.options.partner

    def clients_of(self, activation: Activation) -> list[Activation]:
        """All other companies for the accounting firm, none for anybody else."""
        if not self.is_partner(activation):
            return []
        return [other for other in self.activations.values() if other is not activation]

    def add_integration(self, client: Activation, *, again: bool) -> None:
        """Switch the integration on at a firm's client; `again` where the firm had done so before."""
        client.is_active = True
        client.serial += again and self.options.added_twice == "new key"
        self.on_change()

    def privileges(self, activation: Activation) -> tuple[list[str], list[str]]:
        """Those that can be used now, and those that the company's modules do not cover."""
        granted = list(privileges.GRANTED if self.options.privileges is None else self.options.privileges)
        if self.is_partner(activation):
            granted.append("ClientAdmin_Full" if self.options.client_admin == "full" else "ClientAdmin")
        return privileges.split(granted, self.subscriptions(activation))

    def advance(self, by: timedelta) -> datetime:
        """Move the clock on and let the books live through that time.

        What lay in the time that has passed by itself since the books last moved happens now, not then: nobody saw it
        then, and a stamp in the past could never be seen by those who ask for changes.
        """
        before = self.clock.now()
        self.play(before, self.clock.move(by))
        return self.clock.now()

    def play(self, awake: datetime, until: datetime) -> None:
        """Bring all books to `until`; nothing gets a stamp before `awake`, but in living books, which are always up to date."""
        self._do(Moved(until, None if self.live else awake))

    def follow(self) -> None:
        """Bring living books to the clock before somebody looks at them; the caller holds `reading`.

        Everything gets the stamp of when it was due: nobody has seen the books later than that without it. So it does not
        matter how often anybody looks, and all such steps in a row are one in the history.
        """
        now, companies = self.clock.now(), self._companies()
        if not self.live or not any(company.is_due(now) for company in companies):
            return
        Moved(now).do(companies)
        last = self.history[-1] if self.history else None
        if isinstance(last, Moved) and last.awake is None:
            last.until = now
        else:
            self.history.append(Moved(now))

    def _companies(self) -> list[Company]:
        return [activation.company for activation in self.activations.values()]

    def change_options(self, told: dict[str, Any]) -> None:
        """Change switches, and the books that one of them is about. Raises ValueError."""
        self.options.change(told)
        if "in_place" in told:
            self._do(Switched(self.options.in_place))
        self.on_change()

    def change_books(self, activation: Activation, kind: str, times: int) -> int:
        """Let a kind of change happen now, so many times; gives how often there was something for it to happen to."""
        self.advance(timedelta())
        deeds = [Changed(activation.organisation_number, kind) for _ in range(times)]
        return sum(bool(self._do(deed)) for deed in deeds)

    def _do(self, deed: Deed) -> bool | None:
        with self.reading:
            done = deed.do(self._companies())
        self.history.append(deed)
        self.on_change()
        return done
