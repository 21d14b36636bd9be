"""The pages of stamps: a date is stamped, and what changed since is told by account and voucher, also as CSV."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.portal.vouchers.books import MovingBooks
from tieout.portal.stamps.models import Stamp
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(1, date(2026, 1, 5), (1920, "100"), (3000, "-100"))
    made.sync()
    return made


def test_a_date_is_stamped_and_a_late_voucher_is_named(owner_browser: Client, books: MovingBooks) -> None:
    stamps = f"/sources/{books.source.pk}/stamps/"
    owner_browser.post(stamps, {"name": "January", "on": "2026-01-31"})
    made = Stamp.objects.get()
    assert "nothing has changed since" in owner_browser.get(f"{stamps}{made.pk}/").content.decode()
    books.post(2, date(2026, 1, 20), (1920, "5.25"), (3000, "-5.25"))
    books.sync()
    page = " ".join(owner_browser.get(f"{stamps}{made.pk}/").content.decode().split())
    assert "1 voucher has changed since" in page
    assert "105.25" in page
    assert f"/sources/{books.source.pk}/vouchers/2/" in page
    told = owner_browser.get(f"{stamps}{made.pk}/vouchers.csv")
    assert "5.25" in (b"".join(told.streaming_content) if told.streaming else told.content).decode()


def test_a_name_is_given_once_and_a_stamp_never_changed(owner_browser: Client, books: MovingBooks) -> None:
    stamps = f"/sources/{books.source.pk}/stamps/"
    for _ in range(2):
        owner_browser.post(stamps, {"name": "January", "on": "2026-01-31"})
    made = Stamp.objects.get()
    with pytest.raises(ValueError, match="never changed"):
        made.save()


def test_readers_look_and_do_not_stamp(reader_browser: Client, books: MovingBooks) -> None:
    stamps = f"/sources/{books.source.pk}/stamps/"
    assert reader_browser.get(stamps).status_code == 200
    reader_browser.post(stamps, {"name": "January", "on": "2026-01-31"})
    assert not Stamp.objects.exists()
