"""Attachments on a voucher's page: asked on a click, handed on safely, audited, and words where they can't be had."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.connectors.fake_server import Reply, fake_server
from tests.connectors.poweroffice.fake import Answers, FakePowerOffice, always
from tests.connectors.poweroffice.fake import settings as settings_of
from tests.portal.conftest import make_source
from tests.portal.vouchers.books import MovingBooks
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.portal.audits.models import Entry
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

LIST, FILE = "/VoucherDocumentation", "/VoucherDocumentation/Download"


class Documented(MovingBooks):
    """Books with one voucher, and a PowerOffice that answers as a test says."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.voucher = self.post(1, date(2026, 1, 5), (1920, "40"), (3000, "-40"))
        self.sync()
        self.page = f"/sources/{self.source.pk}/vouchers/1/"
        self.answers: Answers = {LIST: always(Reply.of([{"VoucherId": self.voucher, "HasPdf": True}]))}

    def file(self, kind: str = "pdf", **more: str) -> str:
        return f"{self.page}attachments/{kind}?id={more.get('id', self.voucher)}"


@pytest.fixture
def books(workspace: Workspace, tmp_path: Path) -> Iterator[Documented]:
    made = Documented(workspace)
    with fake_server(FakePowerOffice(made.answers)) as server:
        connector = PowerOffice(settings_of(tmp_path, server.url), limit=NoLimit())
        settings.CONNECTORS = {"poweroffice": connector}
        yield made


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("voucher.pdf", b"%PDF-1.4 fixture")
    return made.getvalue()


def test_nothing_is_asked_before_somebody_wants_it(reader_browser: Client, books: Documented) -> None:
    books.answers[LIST] = always(Reply(500))
    assert "See what is attached" in shown(reader_browser.get(books.page))


def test_what_is_attached_is_listed_and_fetched_as_a_file_that_can_do_nothing(
    reader_browser: Client, books: Documented
) -> None:
    assert books.file() in shown(reader_browser.get(books.page, {"attachments": "1"}))
    books.answers[FILE] = always(Reply(body=zipped()))
    answer: Any = reader_browser.get(books.file())
    assert b"".join(answer.streaming_content) == zipped()
    assert answer["Content-Disposition"] == 'attachment; filename="voucher-1-pdf.zip"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"] == "private, no-store"
    assert Entry.objects.get(kind="file_exported").facts["path"] == books.file().split("?")[0]


def test_without_the_privilege_the_page_says_so_with_the_reason(reader_browser: Client, books: Documented) -> None:
    books.answers[LIST] = books.answers[FILE] = always(Reply.of({"title": "Forbidden"}, 403))
    books.answers["/ClientIntegrationInformation"] = always(Reply.of({"ValidPrivileges": ["Customer"]}))
    listed = shown(reader_browser.get(books.page, {"attachments": "1"}))
    assert "does not open this company’s attachments" in listed
    assert "VoucherDocumentation" in listed
    fetched = reader_browser.get(books.file())
    assert fetched.status_code == 502
    assert "does not open this company’s attachments" in shown(fetched)
    assert not Entry.objects.filter(kind="file_exported").exists()


def test_a_file_that_has_gone_since_is_told(reader_browser: Client, books: Documented) -> None:
    books.answers[FILE] = always(Reply(204))
    assert "no such attachment any more" in shown(reader_browser.get(books.file()))


def test_only_vouchers_of_the_company_can_be_asked_for(
    reader_browser: Client, books: Documented, other_workspace: Workspace
) -> None:
    elsewhere = make_source(other_workspace)
    for address in (
        books.file(id="0a000000-0000-4000-8000-000000000001"),
        books.file(id=""),
        books.file("else"),
        books.file().replace(str(books.source.pk), str(elsewhere.pk)),
    ):
        assert reader_browser.get(address).status_code == 404
