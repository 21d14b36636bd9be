from datetime import UTC, date, datetime

from tests.simulator.books.events.conftest import newest, sums
from tieout.simulator.books.events import vat
from tieout.simulator.books.invented.company import InventedCompany


def test_return_moves_whole_kroner_and_rounds_the_rest(company: InventedCompany) -> None:
    vat.file_return(company, date(2026, 2, 28))
    amounts = sums(newest(company, "VatReturns"))
    assert amounts[2740] % 100 == 0
    assert abs(amounts.get(7740, 0)) <= 50
    assert company.books.profile.lock_date == date(2026, 2, 28)


def test_term_that_is_locked_is_not_returned_again(company: InventedCompany) -> None:
    vat.file_return(company, date(2026, 2, 28))
    before = len(company.books.vouchers)
    vat.file_return(company, date(2026, 2, 28))
    assert len(company.books.vouchers) == before


def test_terms_of_a_year_are_returned_before_their_deadlines(company: InventedCompany) -> None:
    company.advance(datetime(2027, 2, 11, tzinfo=UTC))
    returned = {
        voucher.date: voucher.created.date()
        for voucher in company.books.vouchers.values()
        if voucher.type == "VatReturns"
    }
    deadlines = {
        date(2026, 2, 28): date(2026, 4, 10),
        date(2026, 4, 30): date(2026, 6, 10),
        date(2026, 6, 30): date(2026, 8, 31),
        date(2026, 8, 31): date(2026, 10, 10),
        date(2026, 10, 31): date(2026, 12, 10),
        date(2026, 12, 31): date(2027, 2, 10),
    }
    assert all(returned[term] < deadline for term, deadline in deadlines.items())


def test_what_was_returned_is_paid(company: InventedCompany) -> None:
    company.advance(datetime(2026, 4, 11, tzinfo=UTC))
    assert 2740 not in company.books.trial_balance(date(2026, 4, 10))
