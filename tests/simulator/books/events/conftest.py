"""A small company of one's own, whose clock stands still unless a test moves it."""

from datetime import UTC, datetime

import pytest

from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import Voucher


@pytest.fixture
def company() -> InventedCompany:
    return invent(TINY, seed=11, now=datetime(2026, 3, 18, 11, 30, tzinfo=UTC))


def newest(company: InventedCompany, kind: str) -> Voucher:
    """The last voucher of a type."""
    return [voucher for voucher in company.books.vouchers.values() if voucher.type == kind][-1]


def sums(voucher: Voucher) -> dict[int, int]:
    """Øre per account."""
    found: dict[int, int] = {}
    for posting in voucher.postings:
        found[posting.account_no] = found.get(posting.account_no, 0) + posting.amount
    return found
