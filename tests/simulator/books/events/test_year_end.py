from datetime import UTC, datetime, timedelta

from tests.simulator.books.events.conftest import newest, sums
from tieout.simulator.books.events import year_end
from tieout.simulator.books.invented.company import InventedCompany


def test_closing_takes_the_result_to_equity_and_reopens_a_locked_year_for_it(company: InventedCompany) -> None:
    books = company.books
    ended = books.fiscal_year_start(company.today) - timedelta(days=1)
    books.profile.lock_date = company.today - timedelta(days=1)
    year_end.close_year(company, ended)
    balance = books.trial_balance(ended)
    assert sum(amount for no, amount in balance.items() if books.is_result(no)) == 0
    company.advance(books.now + timedelta(hours=2))
    assert books.profile.lock_date == company.today - timedelta(days=1)


def test_income_not_invoiced_is_taken_back_the_next_day(company: InventedCompany) -> None:
    year_end.accrue_income(company)
    voucher = newest(company, "ManualJournal")
    assert sums(voucher) == {1530: 0, 3020: 0}
    assert {posting.date for posting in voucher.postings} == {company.today, company.today + timedelta(days=1)}


def test_bank_account_in_euro_is_worth_the_days_rate_after_revaluation(company: InventedCompany) -> None:
    company.advance(datetime(2026, 6, 30, 23, tzinfo=UTC))
    held = [posting for posting in company.books.postings.values() if posting.account_no == 1940]
    euro = sum(posting.currency_amount for posting in held)
    assert sum(posting.amount for posting in held) == round(
        euro * company.books.rates["EUR", company.today] / 1_000_000
    )


def test_assets_are_written_down_by_department(company: InventedCompany) -> None:
    year_end.depreciate(company)
    voucher = newest(company, "DepreciationJournal")
    costs = [posting for posting in voucher.postings if posting.account_no == 6010]
    assert all(posting.tags.department_id for posting in costs)
    assert sum(posting.amount for posting in voucher.postings) == 0
