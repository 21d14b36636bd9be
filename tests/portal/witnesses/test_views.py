"""A person gives a SAF-T file, and sees what it says of the books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.portal.api.conftest import program_of
from tests.portal.certificates.conftest import connector as connector
from tests.portal.certificates.conftest import synced as synced
from tests.portal.conftest import browser_of
from tests.saft_files import Row, saft_text
from tests.sync.ledger_system import LedgerConnector
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.witnesses.models import Witness
from tieout.portal.workspaces.models import Happening

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def file_of(connector: LedgerConnector, *, more: tuple[Row, ...] = (), number: str = "910000004") -> bytes:
    records = connector.books.records
    rows = [
        Row(one["Voucher"], date.fromisoformat(one["Day"]), one["Account"], int(Decimal(str(one["Amount"])) * 100))
        for one in records["postings"].values()
    ]
    return saft_text(
        [*rows, *more],
        FIRST,
        LAST,
        accounts={no: one["Name"] for no, one in records["accounts"].items()},
        results={no for no, one in records["accounts"].items() if one["Type"] == "Income"},
        year_start=FIRST,
        organisation_number=number,
    ).encode()


def given(browser: Client, source: Source, file: bytes) -> Any:
    upload = SimpleUploadedFile("regnskap <2025>.xml", file, "application/xml")
    return browser.post(reverse("witnesses:list", args=[source.pk]), {"file": upload}, follow=True)


def test_a_file_is_compared_kept_and_shown(
    synced: Source, connector: LedgerConnector, administrator: Person, reader: Person
) -> None:
    browser = browser_of(administrator)
    page = given(browser, synced, file_of(connector)).content.decode()
    assert "The file and the warehouse agree" in page
    (kept,) = Witness.objects.filter(source=synced)
    assert kept.agrees
    assert kept.by == administrator
    assert kept.sha256 in page
    more = (Row(900, date(2025, 6, 6), 1920, 1234567), Row(900, date(2025, 6, 6), 3000, -1234567))
    page = given(browser, synced, file_of(connector, more=more)).content.decode()
    assert "The file and the warehouse differ" in page
    assert "Missing in the warehouse" in page
    assert "12,345.67" in page
    proof = browser.get(reverse("syncs:proof", args=[synced.pk])).content.decode()
    assert "regnskap &lt;2025&gt;.xml" in proof
    listing = browser_of(reader).get(reverse("witnesses:list", args=[synced.pk])).content.decode()
    assert "regnskap &lt;2025&gt;.xml" in listing
    assert 'type="file"' not in listing
    assert Happening.objects.in_workspace(synced.workspace).filter(kind="witness_heard").count() == 2
    refused = given(browser, synced, file_of(connector, number="923609016"))
    assert refused.status_code == 422
    assert "Nothing was compared" in refused.content.decode()
    misnamed = SimpleUploadedFile("regnskap.html", file_of(connector), "application/xml")
    answer = browser.post(reverse("witnesses:list", args=[synced.pk]), {"file": misnamed})
    assert "Allowed extensions are: xml, zip" in answer.content.decode()
    assert given(browser_of(reader), synced, b"<a/>").status_code == 403
    assert Witness.objects.count() == 2


def test_before_the_first_sync_a_file_is_refused_in_words(administrator_browser: Client, source: Source) -> None:
    page = given(administrator_browser, source, b"<AuditFile/>")
    assert "Wait for the first sync" in page.content.decode()
    Source.objects.filter(pk=source.pk).update(first_sync_done_at=None)
    empty = administrator_browser.get(reverse("witnesses:list", args=[source.pk])).content.decode()
    assert "No file was compared yet" in empty


def test_a_program_sends_a_file_larger_than_a_body_may_be_twice_with_one_key(
    synced: Source, connector: LedgerConnector, administrator: Person, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500  # of what is held in memory, which files are not
    program = program_of(synced.workspace, administrator)
    path, key = f"/api/v1/sources/{synced.pk}/witnesses", {"Idempotency-Key": "fixture"}

    def sent(file: bytes) -> Any:
        return program.client.post(path, {"file": SimpleUploadedFile("regnskap.xml", file)}, headers=key)

    first, again = sent(file_of(connector)), sent(file_of(connector))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["agrees"]
    assert first.json()["differences"] == {"accounts": [], "vouchers": [], "contradictions": []}
    assert again["Idempotency-Replayed"] == "true"
    assert Witness.objects.count() == 1
    assert sent(file_of(connector) + b"\n").json()["type"].endswith("other-request")
    assert program.get(f"sources/{synced.pk}/witnesses")["items"][0]["witness"] == first.json()["witness"]
    torn = program.client.generic("POST", path, b"--x", content_type="multipart/form-data; boundary=", headers=key)
    assert torn.status_code == 400
