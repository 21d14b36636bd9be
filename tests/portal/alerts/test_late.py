"""Who reported figures is told when a sync changes them afterwards, once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.portal.vouchers.books import NOON, MovingBooks
from tieout.portal.alerts.late import late_news
from tieout.portal.alerts.models import Incident, Kind
from tieout.portal.alerts.told import Told
from tieout.portal.alerts.watch import open_incident
from tieout.portal.stamps.actions import stamp
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_posting_in_a_stamped_period_is_told_once(workspace: Workspace) -> None:
    books = MovingBooks(workspace)
    books.post(1, date(2026, 1, 5), (1920, "100"), (3000, "-100"))
    books.sync()
    stamp(books.source, name="January", on=date(2026, 1, 31))
    books.post(2, date(2026, 2, 5), (1920, "7"), (3000, "-7"))
    books.sync()
    assert list(late_news(books.source, now=NOON)) == []
    books.post(3, date(2026, 1, 20), (1920, "5"), (3000, "-5"))
    books.sync()
    for _ in range(2):
        for found in late_news(books.source, now=NOON):
            open_incident(found, now=NOON)
    incident = Incident.objects.in_workspace(workspace).get()
    assert incident.kind == Kind.STAMPED_CHANGED
    told = Told(incident)
    assert "January (to 2026-01-31)" in told.title
    assert told.path == f"/sources/{books.source.pk}/stamps/"


def test_a_posting_in_a_locked_period_is_told(workspace: Workspace) -> None:
    books = MovingBooks(workspace)
    books.post(1, date(2026, 1, 5), (1920, "100"), (3000, "-100"))
    books.lock = "2026-01-31"
    books.sync()
    books.post(2, date(2026, 1, 20), (1920, "5"), (3000, "-5"))
    books.sync()
    (found,) = late_news(books.source, now=NOON)
    assert found.kind == Kind.LOCKED_CHANGED
    assert found.facts["vouchers"] == 1
