"""A client of OData that nobody here wrote reads the feed, and gets what the warehouse holds. All tables: `bench/stranger.py`."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bench import stranger
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.feeds.actions import make_token
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace

TABLES = ("core_accounts", "core_companies", "core_postings", "marts_general_ledger", "data_status")


@pytest.mark.django_db(transaction=True)
def test_python_odata_reads_with_filters_orders_and_pages(
    live_server: LiveServer, settings: Settings, workspace: Workspace, owner: Person
) -> None:
    settings.PUBLIC_URL = live_server.url
    books = MovingBooks(workspace)
    books.post(1, date(2026, 1, 5), (1920, "100.10"), (3000, "-100.10"), Description="Sålt «æøå» =1+1")
    books.post(2, date(2026, 2, 5), (6000, "40.05"), (1920, "-40.05"), Description="O'Neil")
    books.sync()
    _, secret = make_token(workspace, owner, name="Stranger", days=1)
    told = stranger.read(f"{live_server.url}/odata/v4/{workspace.slug}/", secret, 3, TABLES)
    held = stranger.truth(workspace, TABLES)
    assert [name for name in held if stranger.differs(told["rows"][name], held[name])] == []
    assert told["counts"] == {name: len(rows) for name, rows in told["rows"].items()}
    assert len(told["rows"]["core_postings"]) == 4  # in two pages
    assert told["filters"] == {
        "text": [3, 4],
        "part of a text": [1, 2],
        "amount": [3],
        "either": [2, 3],
        "nothing there": [1, 2, 3, 4],
        "a day, which the client takes for a text": [3, 4],
        "not": [1, 2],
    }
    assert told["filtered counts"] == {name: len(found) for name, found in told["filters"].items()}
    assert told["ordered"] == ["100.1000", "40.0500", "-40.0500", "-100.1000"]
    assert told["second and third"] == ["40.0500", "-40.0500"]
    assert all(set(row) == {"account_no", "amount"} for row in told["chosen"])
