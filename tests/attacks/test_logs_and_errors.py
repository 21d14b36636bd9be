"""What others send ends up in logs and error pages: as text, on one line, and without a secret of ours."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from tests.attacks.addresses import every
from tests.portal.conftest import PASSWORD, browser_of
from tieout.connectors.base import Secret
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.audits.models import Entry
from tieout.portal.logs import JsonLines, MasksSecrets
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source

FORGED = "x\n2026-01-01 00:00:00 CRITICAL tieout: all is lost\r\n\x1b[2J\u2028\x00end"


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_line_break_that_somebody_sent_adds_no_line_to_the_log(kind: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MasksSecrets())
    handler.setFormatter(JsonLines() if kind == "json" else logging.Formatter("%(levelname)s %(message)s"))
    record = logging.LogRecord("tieout", logging.WARNING, "f", 1, "agent %s", (FORGED,), None)
    handler.handle(record)
    written = stream.getvalue()
    assert written.count("\n") == 1
    assert len(written.splitlines()) == 1, "also by the breaks that only some programs know"
    assert "\x1b" not in written
    if kind == "json":
        assert "all is lost" in json.loads(written)["message"]


def test_what_a_browser_sends_adds_no_line_to_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    browser = browser_of(HTTP_USER_AGENT=FORGED, HTTP_REFERER=FORGED, raise_request_exception=False)
    with caplog.at_level(logging.DEBUG):
        browser.get("/nowhere%0aCRITICAL/%0d%0a/")
        browser.post("/accounts/login/", {"login": FORGED, "password": FORGED})
    for record in caplog.records:
        MasksSecrets().filter(record)
        assert len(record.getMessage().splitlines()) <= 1


def test_the_audit_log_keeps_a_forged_name_as_one_entry(owner: Person) -> None:
    browser_of().post("/accounts/login/", {"login": f"{owner.email}\nCRITICAL", "password": "x"})
    page = browser_of(owner).get("/audit/log.csv")
    body = b"".join(page.streaming_content) if page.streaming else page.content  # type: ignore[attr-defined]
    assert not [line for line in body.decode().splitlines() if line.startswith("CRITICAL")]
    assert "\nCRITICAL" not in str([entry.facts for entry in Entry.objects.all()])


def secrets_of(source: Source, fresh: FreshLink) -> list[str]:
    return [PASSWORD, django_settings.SECRET_KEY, fresh.token, f"key-of-{source.organisation_number}"]


def test_no_error_page_tells_a_secret_or_how_it_is_built(
    owner: Person, source: Source, fresh: FreshLink, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Every address with everything broken: a connector whose failure carries its key, a registry that cannot be read."""
    secret = Secret(f"key-of-{source.organisation_number}")

    class Broken(dict[str, object]):
        def _fail(self, *_: object) -> object:
            raise RuntimeError(f"it broke with {secret} at {django_settings.TIEOUT.home}")

        __getitem__ = get = values = items = __contains__ = __iter__ = _fail  # type: ignore[assignment]

    settings.CONNECTORS = Broken()
    browser = browser_of(owner, raise_request_exception=False)
    failed = 0
    with caplog.at_level(logging.DEBUG):
        for one in every():
            address = one.filled({"source_id": source.pk, "token": "x"})
            for answer in (browser.get(address), browser.post(address)):
                body = answer.content if not answer.streaming else b""  # type: ignore[attr-defined]
                assert b"Traceback" not in body, one.pattern
                assert b"RuntimeError" not in body, one.pattern
                assert str(django_settings.TIEOUT.home).encode() not in body or "installation" in one.pattern, (
                    one.pattern
                )
                for told in secrets_of(source, fresh):
                    assert told.encode() not in body, one.pattern
                failed += answer.status_code == 500
    assert failed > 5, "else nothing broke"
    for record in caplog.records:
        text = logging.Formatter().format(record)
        assert not [told for told in secrets_of(source, fresh) if told in text]


NOWHERE = ["/%00", "/%ff%fe", "/..%2f..%2fetc/passwd", "/static/../settings.py", "/static/%2e%2e/%2e%2e/settings.py"]


@pytest.mark.parametrize("path", [*NOWHERE, "/" + "a" * 9_000], ids=range(6))
def test_an_address_that_makes_no_sense_is_told_in_our_own_page(outsider: Client, db: None, path: str) -> None:
    answer = outsider.get(path)
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.content.decode()
    assert "SECRET_KEY" not in answer.content.decode()
    assert "root:" not in answer.content.decode()


def test_nothing_is_served_with_djangos_own_debugging() -> None:
    assert django_settings.DEBUG is False
