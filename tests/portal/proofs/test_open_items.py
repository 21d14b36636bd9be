from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.reports.books import HandMade
from tieout.portal.proofs.open_items import items_of
from tieout.portal.sources.models import Source
from tieout.portal.vouchers.reading import asker

INVOICE = uuid.UUID(int=1)
JANUARY, DECEMBER = date(2026, 1, 31), date(2025, 12, 1)


def test_items_are_added_up_by_age_and_those_without_an_invoice_listed(tmp_path: Path) -> None:
    books = HandMade(tmp_path, "a", "b")
    books.entry("customer", 7, JANUARY, "100.10", due_date=JANUARY, voucher_id=INVOICE, voucher_no=1)
    books.put("outgoing_invoices", {"id": INVOICE, "voucher_no": 1, "voucher_type": "OutgoingInvoice"})
    books.entry("customer", 8, DECEMBER, "9.05", due_date=DECEMBER, voucher_id=uuid.UUID(int=2), voucher_no=2)
    books.entry("supplier", 9, JANUARY, "-40", due_date=date(2026, 4, 1), voucher_id=uuid.UUID(int=4), voucher_no=4)
    books.entry("customer", 7, JANUARY, "1000", company="b")
    with books.warehouse.connection() as connection:
        found = items_of(asker(connection), "a")
    assert [(one.name, one.items, one.total) for one in found.ledgers] == [
        ("receivable", 2, Decimal("109.15")),
        ("payable", 1, Decimal(-40)),
    ]
    assert found.ledgers[0].amounts == [0, 0, Decimal("100.10"), 0, Decimal("9.05")]
    assert found.ledgers[1].amounts == [-40, 0, 0, 0, 0]
    assert [row["voucher_no"] for row in found.journals] == [4, 2]
    assert found.without_invoice == 2


@pytest.mark.django_db(transaction=True)
def test_before_anything_arrived_the_page_says_so(reader_browser: Client, source: Source) -> None:
    page = reader_browser.get(reverse("proofs:open_items", args=[source.pk])).content.decode()
    assert "Nothing is open" in page
