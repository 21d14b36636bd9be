"""What holds for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# No deadlines: machines are noisy. The same examples every time where a red run would stop others; new ones elsewhere.
settings.register_profile("ours", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("ours"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "ours")

# What takes minutes begins first, so that no worker is left alone with it in the end.
LONG_FIRST = (
    "tests/simulation/",
    "tests/journeys/",
    "tests/sync/",
    "tests/cli/",
    "tests/upgrade/",
    "tests/portal/upkeep/",
    "tests/reports/",
    "tests/connectors/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long before the rest; within each the order stays."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG_FIRST) if item.nodeid.startswith(part)), 99))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests that empty the tables between them must be able to; the audit log's own tests put its triggers back."""
    from django.db import connection

    from tieout.portal.audits.triggers import DROP

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in DROP:
            cursor.execute(statement)
