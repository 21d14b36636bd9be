"""Books that follow the clock by themselves (`--live`): a function of seed and time, however often anybody looks."""

from __future__ import annotations

import argparse
import asyncio
from datetime import timedelta
from pathlib import Path

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.books.snapshot import snapshot
from tests.simulator.poweroffice.conftest import FAR
from tests.simulators import NOW, SUBSCRIPTION_HEADER
from tieout.simulator.books.invent import invent, invent_companies
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.poweroffice import arguments, serve
from tieout.simulator.poweroffice.app import application
from tieout.simulator.poweroffice.clock import Clock
from tieout.simulator.poweroffice.history import Moved
from tieout.simulator.poweroffice.service import Service
from tieout.simulator.poweroffice.state import open_state

DAY = 24 * 3600


class Seconds:
    """A source of time that a test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def living(time: Seconds) -> Service:
    companies = invent_companies(size="tiny", seed=3, now=NOW)
    return Service(companies, Clock(NOW, time), live=True)


def look(service: Service) -> None:
    with service.reading:
        service.follow()


def books_of(service: Service) -> dict[str, object]:
    (activation,) = service.activations.values()
    told = snapshot(activation.books)
    del told["now"]  # of when something last happened
    return told


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0, 9 * DAY), max_size=6))
def test_books_do_not_depend_on_how_often_anybody_looked(moments: list[float]) -> None:
    time = Seconds()
    service = living(time)
    for moment in [*sorted(moments), 9 * DAY]:
        time.passed = moment
        look(service)
    company = invent(TINY, seed=3, now=NOW)
    company.advance(NOW + timedelta(days=9))
    expected = snapshot(company.books)
    del expected["now"]
    assert books_of(service) == expected
    assert len(service.history) == 1, "all steps in a row are one"


def test_books_stand_still_unless_they_live() -> None:
    time = Seconds()
    service = Service(invent_companies(size="tiny", seed=3, now=NOW), Clock(NOW, time))
    before = books_of(service)
    time.passed = 5 * DAY
    look(service)
    assert books_of(service) == before


def test_moved_clock_and_passing_time_come_to_the_same() -> None:
    time = Seconds()
    service = living(time)
    time.passed = 2 * DAY
    service.advance(timedelta(days=3))
    time.passed = 4 * DAY
    look(service)
    other = Seconds()
    alone = living(other)
    other.passed = 7 * DAY
    look(alone)
    assert books_of(service) == books_of(alone)


def test_clock_does_not_go_back_with_the_machines() -> None:
    time = Seconds()
    clock = Clock(NOW, time)
    time.passed = 100
    latest = clock.now()
    time.passed = -1000
    assert clock.now() == latest


def test_pause_is_caught_up_with(tmp_path: Path) -> None:
    """Stopped on one day, started on another: as if it had never been off."""
    time = Seconds()
    kept = open_state(tmp_path, {"seed": 3})
    service = living(time)
    kept.attach(service, NOW)
    time.passed = 2 * DAY
    look(service)
    kept.save()
    again = open_state(tmp_path, {"seed": 3})
    companies = invent_companies(size="tiny", seed=3, now=NOW)
    resumed = again.resume(companies, NOW + timedelta(days=9), live=True)
    assert resumed == NOW + timedelta(days=9)
    expected = invent(TINY, seed=3, now=NOW)
    expected.advance(resumed)
    assert snapshot(companies[0].books) == snapshot(expected.books)


def test_whoever_asks_is_told_what_has_happened_since() -> None:
    time = Seconds()
    app = application(living(time), control=True)
    transport = httpx2.ASGITransport(app=app)

    async def ask() -> tuple[int, int]:
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            keys = (await http.get("/_simulator/companies")).json()
            company = keys["companies"][0]
            subscription = {SUBSCRIPTION_HEADER: keys["subscription_key"]}
            basic = (keys["application_key"], company["client_key"])
            grant = {"grant_type": "client_credentials"}
            token = (await http.post("/OAuth/Token", auth=basic, headers=subscription, data=grant)).json()
            bearer = {"Authorization": f"Bearer {token['access_token']}", **subscription}
            rows = await http.get("/v2/AccountTransactions", params=FAR, headers=bearer)
            org = {"org": company["organisation_number"]}
            truth = await http.get("/_simulator/truth/counts", params=org)
            return len(rows.json()), truth.json()["AccountTransactions"]

    before = asyncio.run(ask())
    time.passed = 7 * DAY
    after = asyncio.run(ask())
    assert before[0] == before[1] < after[0] == after[1]


def test_program_has_the_switch() -> None:
    parser = argparse.ArgumentParser()
    arguments.add_arguments(parser)
    for words, live in (([], False), (["--live"], True)):
        service, _ = serve.start(parser.parse_args(["--size", "tiny", "--now", NOW.isoformat(), *words]))
        assert service.live == live


def test_a_look_is_cheap_when_nothing_is_due() -> None:
    time = Seconds()
    service = living(time)
    time.passed = DAY
    look(service)
    version = next(iter(service.activations.values())).books.version
    history = [deed for deed in service.history if isinstance(deed, Moved)]
    look(service)
    assert next(iter(service.activations.values())).books.version == version
    assert service.history == history
