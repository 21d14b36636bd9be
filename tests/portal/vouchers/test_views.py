"""A voucher's page: what it says, where it leads, and what it says of one that has gone."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.portal.vouchers.books import MovingBooks
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(1, date(2026, 1, 5), (1920, "1234.50"), (3000, "-1234.50"), Description="Salg på Ås")
    made.post(2, date(2026, 2, 5), (6000, "40"), (1920, "-40"))
    made.sync()
    return made


def page(browser: Client, books: MovingBooks, path: str = "") -> str:
    answer = browser.get(f"/sources/{books.source.pk}/vouchers/{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_has_lines_with_signs_and_a_sum_of_zero(owner_browser: Client, books: MovingBooks) -> None:
    shown = page(owner_browser, books, "1/")
    assert "1,234.50" in shown
    assert "−1,234.50" in shown
    assert "Salg på Ås" in shown
    assert "Nothing of it has changed" in shown


def test_what_changed_since_is_told_with_its_sync(owner_browser: Client, books: MovingBooks) -> None:
    books.change(1, Description="Corrected text")
    books.sync()
    shown = page(owner_browser, books, "1/")
    assert "Salg på Ås" in shown
    assert "What became different" in shown


def test_a_voucher_that_has_gone_is_still_told(owner_browser: Client, books: MovingBooks) -> None:
    books.remove(2)
    books.sync()
    assert "no longer has voucher 2" in page(owner_browser, books, "2/")


def test_a_number_that_two_vouchers_have_is_a_choice(owner_browser: Client, books: MovingBooks) -> None:
    second = books.post(1, date(2026, 3, 5), (6000, "9"), (1920, "-9"))
    books.sync()
    assert "2 vouchers have the number 1" in page(owner_browser, books, "1/")
    assert "9.00" in page(owner_browser, books, f"1/?id={second}")


def test_vouchers_are_found_by_number_text_and_day(owner_browser: Client, books: MovingBooks) -> None:
    assert "Salg på Ås" in page(owner_browser, books)
    listed = page(owner_browser, books, "?q=ås")
    assert "/vouchers/1/" in listed
    assert "/vouchers/2/" not in listed
    assert "No voucher matches" in page(owner_browser, books, "?q=nothing+like+it")


def test_a_number_nobody_has_is_not_there(owner_browser: Client, books: MovingBooks) -> None:
    assert owner_browser.get(f"/sources/{books.source.pk}/vouchers/99/").status_code == 404
