"""Simulators that many tests share. A test that changes something starts one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice import openapi
from tests.simulators import NOW, Simulator, running_simulator
from tieout.simulator.poweroffice.api.endpoint import Endpoint, Shape
from tieout.simulator.poweroffice.api.table import ENDPOINTS
from tieout.simulator.poweroffice.gateway import privileges
from tieout.simulator.poweroffice.gateway.privileges import GRANTED

FAR = {"fromDate": "1900-01-01", "toDate": "2100-12-31"}


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """The tiny company, without limit; for tests that only read."""
    with running_simulator(throttle=False, thread=True) as running:
        yield running


@pytest.fixture(scope="session")
def api(simulator: Simulator) -> Iterator[httpx2.Client]:
    with simulator.api() as client:
        yield client


@pytest.fixture(scope="session")
def org(simulator: Simulator) -> str:
    return str(simulator.company()["organisation_number"])


@pytest.fixture
def own() -> Iterator[Simulator]:
    """A tiny company for one test alone."""
    with running_simulator(throttle=False, thread=True) as running:
        yield running


@pytest.fixture(scope="session")
def description() -> Any:
    """The vendor's OpenAPI description, where the test data are there."""
    if not openapi.PATH.exists():
        pytest.skip(f"no test data at {openapi.PATH} (TIEOUT_TEST_DATA)")
    return openapi


def required(endpoint: Endpoint) -> dict[str, str]:
    """A value for each parameter that an endpoint must be given; spans as wide as they go."""
    values = {
        **FAR,
        "date": NOW.date().isoformat(),
        "matchId": "1",
        "id": "11111111-1111-4111-8111-111111111111",
        "fromCurrency": "EUR",
        "toCurrency": "NOK",
        "asOnDate": NOW.strftime("%Y-%m-%dT00:00:00Z"),
    }
    return {one.name: values[one.name] for one in endpoint.parameters if one.is_required}


def lists() -> list[Endpoint]:
    """Endpoints whose path has no parameter, and that a reader may ask."""
    return [endpoint for endpoint in ENDPOINTS if "{" not in endpoint.path and is_for_readers(endpoint)]


def is_for_readers(endpoint: Endpoint) -> bool:
    """Whether it gives rows, with the privileges that an integration has unless told otherwise."""
    return bool(endpoint.columns) and (not endpoint.privileges or privileges.opens(GRANTED, endpoint.privileges))


def endpoint(path: str) -> Endpoint:
    return next(one for one in ENDPOINTS if one.path == path)


def rows(api: httpx2.Client, endpoint: Endpoint, path: str | None = None, **params: str) -> list[dict[str, Any]]:
    """All rows, through all pages."""
    found: list[dict[str, Any]] = []
    paging = {"PageSize": "20000"} if endpoint.shape is Shape.PAGED else {}
    for page in range(1, 1000):
        number = {"PageNumber": str(page)} if paging else {}
        answer = api.get(path or endpoint.path, params={**required(endpoint), **paging, **number, **params})
        if answer.status_code == 204:
            return found
        assert answer.status_code == 200, f"{answer.url} gave {answer.status_code}: {answer.text}"
        body = answer.json()
        found += body if isinstance(body, list) else [body]
        if not paging or len(body) < 20_000:
            return found
    raise AssertionError("pages without end")
