from datetime import UTC, datetime

from tests.simulator.books.events.conftest import newest, sums
from tieout.simulator.books.events import payroll
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share


def test_wages_are_split_into_tax_and_what_the_employee_gets(company: InventedCompany) -> None:
    payroll.pay_wages(company)
    amounts = sums(newest(company, "PayrollJournal"))
    gross = amounts[5000]
    assert amounts[2600] == -share(gross, 3000)
    assert amounts[2910] == -(gross + amounts[2600])
    assert (amounts[5400], amounts[5180]) == (share(gross, 1410), share(gross, 1200))


def test_june_pays_holiday_pay_in_place_of_wages_and_takes_no_tax(company: InventedCompany) -> None:
    company.advance(datetime(2026, 6, 21, tzinfo=UTC))
    amounts = sums(newest(company, "PayrollJournal"))
    assert amounts[2940] > 0
    assert 5000 not in amounts
    assert amounts[2600] == 0


def test_employee_is_named_on_his_postings_and_paid_the_same_day(company: InventedCompany) -> None:
    payroll.pay_wages(company)
    earned = [posting for posting in newest(company, "PayrollJournal").postings if posting.role == "employee"]
    paid = [posting for posting in newest(company, "BankJournal").postings if posting.role == "employee"]
    assert {posting.contact_id for posting in earned} == {contact.id for contact in company.staff()}
    assert [posting.amount for posting in paid] == [-posting.amount for posting in earned]
    assert all(posting.entry is None for posting in earned)
