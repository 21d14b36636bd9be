"""A company with an opening, two years of vouchers, one more after them, and its models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from tests.portal.vouchers.books import MovingBooks
from tests.reports.books import HandMade
from tieout.portal.reports import reading
from tieout.portal.reports.reading import Ask, Row
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(0, date(2024, 12, 31), (1920, "1000.00"), (2400, "-1000.00"))
    made.post(1, date(2025, 2, 10), (1920, "200.10"), (3000, "-200.10"))
    made.post(2, date(2026, 1, 15), (1920, "500.50"), (3000, "-500.50"))
    made.post(3, date(2026, 3, 2), (6000, "120.25"), (1920, "-120.25"))
    made.post(4, date(2026, 3, 9), (8888, "10.00"), (1920, "-10.00"))  # not in the chart
    made.sync()
    return made


@contextmanager
def asking_of(books: HandMade) -> Iterator[Ask]:
    """The pages' own SQL over books that a test has written down, in English."""
    with books.warehouse.connection() as connection, translation.override("en"):

        def ask(name: str, **values: Any) -> list[Row]:
            sql, wanted = reading._sql(name)
            answer = connection.execute(sql, {key: values[key] for key in wanted})
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        yield ask
