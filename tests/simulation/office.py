"""A simulated PowerOffice Go in this process, whose clock moves only when it is told to, and what its books hold."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.simulators import Simulator
from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.company import InPlace
from tieout.simulator.poweroffice import serve
from tieout.simulator.poweroffice.app import application
from tieout.simulator.poweroffice.clock import Clock
from tieout.simulator.poweroffice.options import Options
from tieout.simulator.poweroffice.service import Activation, Service

HISTORY_MONTHS = 2
BUSINESS = replace(TINY, months=HISTORY_MONTHS)


class StillClock(Clock):
    """A clock that does not run by itself, so that a world is the same each time it is played."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


class Office:
    """The service behind the address, for whoever wants the truth from the books themselves."""

    def __init__(self, service: Service, control: Simulator) -> None:
        self.service, self.control, self.url = service, control, control.url
        self.activation: Activation = next(iter(service.activations.values()))
        self.client_key: str = control.company()["client_key"]
        self.organisation_number = self.activation.organisation_number

    @property
    def now(self) -> datetime:
        return self.service.clock.now()

    def advance(self, by: timedelta) -> None:
        self.control.advance(seconds=by.total_seconds())


@contextmanager
def running_office(*, seed: int, start: datetime, in_place: InPlace, options: Options) -> Iterator[Office]:
    """One tiny company, its API and the control, served from a thread until the block ends."""
    service = Service(
        [invent(BUSINESS, seed=seed, now=start, in_place=in_place)],
        StillClock(start),
        throttle=False,
        options=options,
    )
    with serve.listen(0) as listener:
        server = serve.server(application(service, control=True))
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # answers that are cut short are meant
        runner = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        runner.start()
        try:
            with Simulator(f"http://{serve.HOST}:{listener.getsockname()[1]}", None) as control:
                yield Office(service, control)
        finally:
            server.should_exit = True
            runner.join(timeout=10)
