from datetime import UTC, date, datetime

from tieout.simulator.books.events import recurring
from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.company import InventedCompany


def test_insurance_is_spread_over_twelve_months_ahead(company: InventedCompany) -> None:
    costs = [posting for posting in company.books.postings.values() if posting.account_no == 7500]
    assert len({posting.date.replace(day=1) for posting in costs}) == 12
    assert sum(posting.amount for posting in costs) == 9_600_000
    assert max(posting.date for posting in costs) > company.today


def test_water_rate_falls_on_the_first_of_july_2025() -> None:
    company = invent(TINY, seed=1, now=datetime(2025, 6, 30, 12, tzinfo=UTC))
    assert company.books.accounts[6320].vat_code == "1"
    company.advance(datetime(2025, 9, 1, tzinfo=UTC))
    assert company.books.accounts[6320].vat_code == "11"
    assert company.books.accounts[6320].changed.date() == recurring.WATER_RATE_CHANGE == date(2025, 7, 1)
    july = [
        posting.vat_code
        for posting in company.books.postings.values()
        if posting.account_no == 6320 and posting.date.year == 2025 and posting.date.month in (7, 8)
    ]
    assert set(july) == {"1", "11"}
