"""One office a module, a picture of every open page when a story fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsers import installed
from tests.journeys.office import Office, office

PICTURES = Path("test-results")
_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories need a browser."""
    if installed():
        return
    for item in items:
        if item.path.parent == Path(__file__).parent and item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.skip(reason="no browser is installed; run: python -m tests.browsers --install"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.failed and report.when == "call":
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The module's installation; stories take it by `at`."""
    with office(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture
def at(house: Office, request: pytest.FixtureRequest) -> Iterator[Office]:
    """The office with no browser profile open yet. They are closed after the story, and pictured if it failed."""
    yield house
    if request.node.stash.get(_FAILED, False):
        take_pictures(house, request.node.name)
    for context in house.profiles:
        context.close()
    house.profiles.clear()


def take_pictures(house: Office, story: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", story)
    pages = [page for context in house.profiles for page in context.pages]
    for number, page in enumerate(pages, 1):
        page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
    (PICTURES / f"{name}.log").write_text("".join(house.server.lines[-200:]))
