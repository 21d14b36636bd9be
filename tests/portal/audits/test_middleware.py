"""Who was refused what stands in the server's log, by number and without a name."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest
from django.test import Client

from tests.portal.conftest import browser_of
from tieout.portal.people.models import Person


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(logging.getLogger("tieout"), "propagate", True)
    caplog.set_level(logging.WARNING, logger="tieout.portal.audits")
    return caplog


def test_who_is_refused_a_page_or_asks_for_what_is_not_theirs_is_told_by_number(
    reader: Person, told: pytest.LogCaptureFixture
) -> None:
    browser, elsewhere = browser_of(reader), f"/sources/{uuid4()}/"
    browser.get("/people/?q=a-name")
    browser.get(elsewhere)
    assert f"Refused (403) to person {reader.pk}: GET /people/\n" in told.text
    assert f"Refused (404) to person {reader.pk}: GET {elsewhere}\n" in told.text
    assert reader.email not in told.text
    assert "a-name" not in "".join(one.getMessage() for one in told.records if one.name.startswith("tieout"))


def test_who_is_unknown_is_told_where_a_door_was_tried(
    db: None, outsider: Client, told: pytest.LogCaptureFixture
) -> None:
    outsider.get("/api/v1/sources", headers={"Authorization": "Bearer made-up"})
    browser_of(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.com", "password": "x"})
    outsider.get("/nowhere/")
    lines = [one.getMessage() for one in told.records if one.name.startswith("tieout")]
    assert lines == [
        "Refused (401) to somebody unknown: GET /api/v1/sources",
        "Refused (403) to somebody unknown: POST /accounts/login/",
    ]
