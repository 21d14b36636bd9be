from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.simulator.books.events.conftest import newest, sums
from tieout.simulator.books.events import tills
from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.company import InventedCompany


@pytest.fixture
def shop() -> InventedCompany:
    return invent(replace(TINY, cash_departments=1), seed=2, now=datetime(2026, 3, 18, 11, 30, tzinfo=UTC))


def test_cash_is_rounded_to_whole_kroner(shop: InventedCompany) -> None:
    tills.close_register(shop)
    amounts = sums(newest(shop, "CashJournal"))
    assert amounts[1900] % 100 == 0
    assert abs(amounts.get(7740, 0)) <= 50


def test_shop_is_closed_on_sundays(shop: InventedCompany) -> None:
    days = {voucher.date.weekday() for voucher in shop.books.vouchers.values() if voucher.type == "CashJournal"}
    assert days == {0, 1, 2, 3, 4, 5}


def test_web_settlement_has_a_line_an_order_and_keeps_the_fee(shop: InventedCompany) -> None:
    tills.settle_web_orders(shop, 20)
    voucher = newest(shop, "ManualJournal")
    amounts = sums(voucher)
    assert len([posting for posting in voucher.postings if posting.tags.product_id]) == 20
    assert amounts[7780] == -(amounts[3000] + amounts[2700]) * 180 // 10_000
    assert voucher.imported_no
