from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.connectors.fake_server import FakeServer, Reply
from tests.connectors.poweroffice.fake import Answers, FakePowerOffice, always, opened
from tieout.connectors.attachments import AttachmentKind
from tieout.connectors.errors import NotPermittedError, TooLargeError, UnexpectedAnswerError
from tieout.connectors.http import Patience
from tieout.connectors.poweroffice import attachments as module
from tieout.connectors.poweroffice.attachments import PowerOfficeAttachments

MINE = "0a000000-0000-4000-8000-000000000001"
LIST, FILE = "/VoucherDocumentation", "/VoucherDocumentation/Download"


def told(voucher_id: str, **has: bool) -> dict[str, Any]:
    named = ("HasEhf", "HasPdf", "HasImages", "HasSalesOrderAttachments")
    return {"VoucherId": voucher_id, "VoucherNo": 1, **{name: has.get(name, False) for name in named}}


@contextmanager
def asked(answers: Answers) -> Iterator[tuple[PowerOfficeAttachments, FakeServer]]:
    with opened(FakePowerOffice(answers), patience=Patience(10)) as (reader, server):
        yield PowerOfficeAttachments(reader), server


def test_what_a_voucher_has_is_told_by_one_request_and_another_vouchers_is_not() -> None:
    rows = [told(MINE.upper(), HasPdf=True, HasSalesOrderAttachments=True), told("another", HasImages=True)]
    with asked({LIST: always(Reply.of(rows))}) as (attachments, server):
        assert attachments.of(MINE) == (AttachmentKind.PDF, AttachmentKind.ORDER)
        assert [one.query["id"] for one in server.asked if one.path.endswith(LIST)] == [MINE]


def test_a_voucher_without_any_has_none() -> None:
    with asked({LIST: always(Reply(204))}) as (attachments, _):
        assert attachments.of(MINE) == ()


def test_a_file_takes_the_place_of_what_an_earlier_try_left() -> None:
    sink = io.BytesIO(b"what an earlier try left, longer than the file")
    with asked({FILE: always(Reply(body=b"PK file"))}) as (attachments, server):
        assert attachments.fetch(MINE, AttachmentKind.ORDER, sink)
        assert server.asked[-1].query["documentationType"] == "All"
    assert sink.read() == b"PK file"


def test_a_file_that_is_gone_is_told_as_gone() -> None:
    with asked({FILE: always(Reply(204))}) as (attachments, _):
        assert not attachments.fetch(MINE, AttachmentKind.PDF, io.BytesIO())


def test_what_is_no_zip_is_not_handed_on() -> None:
    with asked({FILE: always(Reply(body=b"<html>"))}) as (attachments, _), pytest.raises(UnexpectedAnswerError):
        attachments.fetch(MINE, AttachmentKind.PDF, io.BytesIO())


def test_a_file_that_is_too_large_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    with asked({FILE: always(Reply(body=b"PK" * 60))}) as (attachments, server):
        with pytest.raises(TooLargeError):
            attachments.fetch(MINE, AttachmentKind.PDF, io.BytesIO())
        assert sum(one.path.endswith(FILE) for one in server.asked) == 1  # it would be as large another time


def test_without_the_privilege_the_reason_is_the_companys_own() -> None:
    answers: Answers = {
        LIST: always(Reply.of({"title": "Forbidden"}, 403)),
        "/ClientIntegrationInformation": always(Reply.of({"ValidPrivileges": ["Customer"]})),
    }
    with asked(answers) as (attachments, _), pytest.raises(NotPermittedError) as refused:
        attachments.of(MINE)
    assert "VoucherDocumentation" in refused.value.reason
