"""Invented companies, made once: tests that move their clock make their own."""

from datetime import UTC, datetime

import pytest

from tieout.simulator.books.invent import invent, invent_companies
from tieout.simulator.books.invented.sizes import SIZES
from tieout.simulator.books.model import Books

NOW = datetime(2026, 3, 18, 11, 30, tzinfo=UTC)


def _invented(size: str) -> list[Books]:
    return [company.books for company in invent_companies(size=size, seed=7, now=NOW)]


@pytest.fixture(scope="session")
def tiny_books() -> Books:
    return _invented("tiny")[0]


@pytest.fixture(scope="session")
def demo_books() -> list[Books]:
    return _invented("demo")


@pytest.fixture(scope="session")
def realistic_books() -> Books:
    return _invented("realistic")[0]


@pytest.fixture(scope="session")
def trade_books() -> dict[str, Books]:
    """One of each trade, by its key."""
    return {business.key: invent(business, seed=7, now=NOW).books for business in SIZES["trades"]}


@pytest.fixture(scope="session")
def all_books(tiny_books: Books, trade_books: dict[str, Books], realistic_books: Books) -> list[Books]:
    """The demo's are among the trades."""
    return [tiny_books, *trade_books.values(), realistic_books]
