"""The pages of SAF-T: a year is written, checked and downloaded; accounts' codes are confirmed by hand and by file."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.portal.vouchers.books import MovingBooks
from tieout.portal.saft import actions, files, words
from tieout.portal.saft.models import ConfirmedGrouping, SaftFile
from tieout.portal.workspaces.models import Workspace
from tieout.reports.saft.elements import NAMESPACE

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"year": 2026, "first": 1, "last": 12, "contact": "Test Administrator"}


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(1, date(2026, 1, 5), (1920, "100.25"), (3000, "-100.25"))
    made.post(2, date(2026, 3, 9), (6000, "40"), (1920, "-40"))
    made.sync()
    return made


def address(books: MovingBooks, rest: str = "") -> str:
    return f"/sources/{books.source.pk}/saft/{rest}"


def text_of(browser: Client, path: str) -> str:
    return " ".join(browser.get(path).content.decode().split())


def test_a_year_is_written_checked_and_downloaded(owner_browser: Client, books: MovingBooks) -> None:
    answer = owner_browser.post(address(books), ASKED)
    made = SaftFile.objects.get()
    assert answer["Location"] == address(books, f"{made.pk}/")
    page = text_of(owner_browser, address(books, f"{made.pk}/"))
    assert "The checks found nothing" in page
    assert "140.25" in page
    given = owner_browser.get(address(books, f"{made.pk}/file.xml"))
    assert given.streaming
    assert "SAF-T%20Financial" in given["Content-Disposition"] or "SAF-T Financial" in given["Content-Disposition"]
    content = b"".join(given.streaming_content)  # type: ignore[attr-defined]
    assert len(content) == made.bytes
    assert len(list(etree.fromstring(content).iter(f"{{{NAMESPACE}}}Line"))) == 4
    assert "Nothing found" in text_of(owner_browser, address(books))


def test_findings_stand_with_the_check_that_found_them(owner_browser: Client, books: MovingBooks) -> None:
    books.post(3, date(2026, 3, 9), (8888, "10.00"), (1920, "-9.00"))  # not in the chart, and off balance
    books.sync()
    owner_browser.post(address(books), ASKED)
    made = SaftFile.objects.get()
    page = text_of(owner_browser, address(books, f"{made.pk}/"))
    assert made.counts["unbalanced_voucher"] == 1
    assert "Voucher 3 is 1.00 off balance." in page
    assert "The checks found something" in page


def test_a_large_span_is_offered_in_parts_that_together_are_the_whole(
    owner_browser: Client, books: MovingBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_LINES", 2)
    page = owner_browser.post(address(books), ASKED).content.decode()
    assert "?year=2026&amp;first=1&amp;last=2" in page
    assert "?year=2026&amp;first=3&amp;last=12" in page
    for first, last in ((1, 2), (3, 12)):
        assert owner_browser.post(address(books), ASKED | {"first": first, "last": last}).status_code == 302
    assert sum(one.lines for one in SaftFile.objects.all()) == 4
    assert not any(one.findings for one in SaftFile.objects.all())


def test_parts_of_an_ore_are_told_and_nothing_is_kept(owner_browser: Client, books: MovingBooks) -> None:
    books.post(3, date(2026, 3, 9), (1920, "0.005"), (3000, "-0.005"))
    books.sync()
    page = text_of(owner_browser, address(books)) + owner_browser.post(address(books), ASKED).content.decode()
    assert "2 amounts have parts of an øre, the first in voucher 3." in page
    assert not SaftFile.objects.exists()
    assert not list(files.folder_of(books.source).iterdir())


@pytest.mark.parametrize("asked", [{"first": 5, "last": 4}, {"contact": "Administrator"}, {"year": 1999}])
def test_what_the_format_does_not_take_is_refused_at_its_field(
    owner_browser: Client, books: MovingBooks, asked: dict[str, object]
) -> None:
    assert owner_browser.post(address(books), ASKED | asked).status_code == 422
    assert not SaftFile.objects.exists()


def test_a_file_is_kept_for_some_days_and_what_was_found_stays(owner_browser: Client, books: MovingBooks) -> None:
    owner_browser.post(address(books), ASKED)
    made = SaftFile.objects.get()
    path = files.path_of(made)
    assert path is not None
    old = (timezone.now() - timedelta(days=files.KEPT_DAYS + 1)).timestamp()
    os.utime(path, (old, old))
    assert owner_browser.get(address(books, f"{made.pk}/file.xml")).status_code == 404
    assert "was kept for 7 days" in text_of(owner_browser, address(books, f"{made.pk}/"))
    owner_browser.post(address(books), ASKED)
    assert not Path(path).exists()


def test_before_the_first_sync_the_page_says_what_to_do(owner_browser: Client, source: object) -> None:
    page = owner_browser.get(f"/sources/{source.pk}/saft/")  # type: ignore[attr-defined]
    assert "no books here yet" in page.content.decode()
    codes = owner_browser.get(f"/sources/{source.pk}/saft/codes/")  # type: ignore[attr-defined]
    assert "no accounts here yet" in codes.content.decode()


def test_readers_download_and_neither_write_nor_confirm(
    reader_browser: Client, owner_browser: Client, books: MovingBooks
) -> None:
    owner_browser.post(address(books), ASKED)
    made = SaftFile.objects.get()
    assert reader_browser.get(address(books, f"{made.pk}/file.xml")).status_code == 200
    assert reader_browser.get(address(books, "codes/")).status_code == 200
    assert reader_browser.post(address(books), ASKED).status_code == 403
    assert reader_browser.post(address(books, "codes/"), {"all": 1}).status_code == 403
    assert not ConfirmedGrouping.objects.exists()


def test_codes_go_by_rule_until_a_person_confirms_them_one_or_all(owner_browser: Client, books: MovingBooks) -> None:
    codes = address(books, "codes/")
    assert "5 of 5 accounts are not confirmed" in text_of(owner_browser, codes)
    owner_browser.post(codes, {"account": "1920", "code-1920": "1900"})
    assert ConfirmedGrouping.objects.get().code == "1900"
    assert "4 of 5 accounts are not confirmed" in text_of(owner_browser, codes)
    owner_browser.post(codes, {"all": "1"})
    assert "Every account is confirmed" in text_of(owner_browser, codes)
    assert ConfirmedGrouping.objects.get(account_no=1920).code == "1900"
    owner_browser.post(codes, {"account": "1920", "code-1920": ""})
    assert "1 of 5 accounts is not confirmed" in text_of(owner_browser, codes)


def test_a_confirmed_code_stands_in_the_file(owner_browser: Client, books: MovingBooks) -> None:
    owner_browser.post(address(books, "codes/"), {"account": "1920", "code-1920": "1900"})
    owner_browser.post(address(books), ASKED)
    made = SaftFile.objects.get()
    path = files.path_of(made)
    assert path is not None
    tree, names = etree.parse(str(path)), {"s": NAMESPACE}
    assert tree.xpath("string(//s:Account[s:AccountID='1920']/s:GroupingCode)", namespaces=names) == "1900"
    assert made.unconfirmed == 4


def test_what_is_no_code_is_refused_beside_the_account(owner_browser: Client, books: MovingBooks) -> None:
    answer = owner_browser.post(address(books, "codes/"), {"account": "1920", "code-1920": "1"})
    assert answer.status_code == 422
    assert 'id="wrong-1920"' in answer.content.decode()
    assert not ConfirmedGrouping.objects.exists()


def test_accounts_are_found_by_number_name_and_what_is_not_confirmed(owner_browser: Client, books: MovingBooks) -> None:
    codes = address(books, "codes/")
    owner_browser.post(codes, {"account": "1920", "code-1920": "1920"})
    assert "Code of account 1500" not in text_of(owner_browser, f"{codes}?q=19")
    assert "Code of account 1920" in text_of(owner_browser, f"{codes}?q=account+1920")
    assert "Code of account 1920" not in text_of(owner_browser, f"{codes}?unconfirmed=1")
    assert "No account matches." in text_of(owner_browser, f"{codes}?q=nothing")


def test_the_table_of_codes_is_taken_back_with_what_was_changed_in_it(
    owner_browser: Client, books: MovingBooks
) -> None:
    given = owner_browser.get(address(books, "codes.csv")).content.decode()
    row = "1920,Account 1920,balanseverdiForOmloepsmiddel,1920,no"
    assert row in given
    changed = given.replace(row, "1920,Account 1920,,1900,yes")
    upload = SimpleUploadedFile("codes.csv", changed.encode())
    assert owner_browser.post(address(books, "codes/"), {"by_file": 1, "file": upload}).status_code == 302
    assert [(one.account_no, one.code) for one in ConfirmedGrouping.objects.all()] == [(1920, "1900")]


def test_a_table_with_one_wrong_row_changes_nothing(owner_browser: Client, books: MovingBooks) -> None:
    table = "account_no,code\n1920,1920\n7777,1920\n1500,9999\n1920,1900\n"
    answer = owner_browser.post(
        address(books, "codes/"), {"by_file": 1, "file": SimpleUploadedFile("codes.csv", table.encode())}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [text for text in ("Row 3", "Row 4", "Row 5") if text not in page] == []
    assert not ConfirmedGrouping.objects.exists()


def test_every_kind_of_finding_has_a_sentence() -> None:
    kinds = {kind for texts in words.CHECKS.values() for kind in texts}
    named = {"account", "customer", "supplier", "vat_code", "dimension"}
    assert kinds == {f"unknown_{name}" for name in named} | {
        "duplicate_account", "wrong_total", "unbalanced_voucher", "closing_balance",
    }  # fmt: skip
