"""Wages on the 20th, the taxes that follow them, and what employees lay out."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.events.purchases import cost_tags
from tieout.simulator.books.invented.balances import balances
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.lock import open_date
from tieout.simulator.books.invented.working_days import (
    is_working_day,
    working_day_on_or_after,
    working_day_on_or_before,
)
from tieout.simulator.books.model import Contact, Voucher

_CONTRIBUTION = 1410  # employer's, zone I, basis points
_HOLIDAY_PAY = 1200
_PENSION = 200
_TAX = 3000


def plan(company: InventedCompany, day: date) -> None:
    """Wages, the two-monthly payment of taxes, and expense claims on working days."""
    if day == working_day_on_or_before(day.replace(day=20)):
        company.at(company.moment(day, 8, 10), lambda: pay_wages(company))
    if day.month % 2 and day == working_day_on_or_after(day.replace(day=15)):
        company.at(company.moment(day, 10, 11), lambda: _pay_taxes(company))
    if is_working_day(day):
        for _ in range(company.how_many(company.business.expenses / 21)):
            company.at(company.moment(day), lambda: claim_expense(company))


def pay_wages(company: InventedCompany) -> None:
    """Wages less tax to each employee, and what the employer owes on top. June pays holiday pay in place of wages."""
    voucher = company.journal.voucher("PayrollJournal", company.today, f"Lønn {company.today:%m.%Y}")
    in_june = company.today.month == 6
    wage_account = 2940 if in_june else 5010 if company.business.hourly else 5000
    tax_rate = {6: 0, 12: _TAX // 2}.get(company.today.month, _TAX)
    gross, nets = 0, []
    for employee in company.staff():
        wage = _wage(company, employee)
        tax = share(wage, tax_rate)
        tags = company.tags(department=employee.department_id)
        company.journal.post(
            voucher, wage_account, wage, tags=tags, quantity=16_250 if company.business.hourly else None
        )
        company.journal.post(voucher, 2600, -tax, tags=tags)
        _post_employee(company, voucher, employee, tax - wage)
        nets.append((employee, wage - tax))
        gross += wage
    _post_pair(company, voucher, 5400, 2770, share(gross, _CONTRIBUTION))
    if not in_june:
        holiday = share(gross, _HOLIDAY_PAY)
        _post_pair(company, voucher, 5180, 2940, holiday)
        _post_pair(company, voucher, 5182, 2780, share(holiday, _CONTRIBUTION))
    _post_pair(company, voucher, 5945, 2960, share(gross, _PENSION))
    company.add(voucher)
    _pay_out(company, nets, "Utbetaling av lønn")


def _wage(company: InventedCompany, employee: Contact) -> int:
    monthly = 3_800_000 + (employee.employee_no or 0) * 7919 % 30_000 * 100
    return int(monthly * company.rng.uniform(0.5, 1.1)) // 100 * 100 if company.business.hourly else monthly


def _post_pair(company: InventedCompany, voucher: Voucher, debit: int, credit: int, amount: int) -> None:
    company.journal.post(voucher, debit, amount)
    company.journal.post(voucher, credit, -amount)


def _post_employee(company: InventedCompany, voucher: Voucher, employee: Contact, amount: int) -> None:
    """Post on an employee through the control account. Employees have no subledger entries at the vendor (contract 6.3)."""
    account_no = company.books.control_account("employee", employee.employee_no or 0) or 2910
    company.journal.post(voucher, account_no, amount, contact_id=employee.id, role="employee")


def _pay_out(company: InventedCompany, nets: list[tuple[Contact, int]], text: str) -> None:
    voucher = company.journal.voucher("BankJournal", company.today, text)
    for employee, net in nets:
        _post_employee(company, voucher, employee, net)
    company.journal.post(voucher, 1920, -sum(net for _, net in nets))
    company.add(voucher)


def _pay_taxes(company: InventedCompany) -> None:
    """Pay withheld tax and employer's contribution of the two months before."""
    term_end = company.today.replace(day=1) - timedelta(days=1)
    owed = balances(company.books, (2600, 2770), term_end)
    if not owed:
        return
    voucher = company.journal.voucher("BankJournal", company.today, "Skattetrekk og arbeidsgiveravgift")
    for account_no, amount in owed.items():
        company.journal.post(voucher, account_no, -amount)
    company.journal.post(voucher, 1920, sum(owed.values()))
    company.add(voucher)


def claim_expense(company: InventedCompany) -> None:
    """An outlay or a travel claim, paid within two weeks."""
    rng = company.rng
    employee = rng.choice(company.staff())
    day = open_date(company, company.today - timedelta(days=rng.randrange(0, 12)))
    tags = cost_tags(company)
    if rng.random() < 0.6:
        voucher = company.journal.voucher("Expense", day, "Utlegg")
        owed = company.journal.post_taxed(
            voucher, rng.choice((6800, 6860, 6550)), rng.randrange(50, 3000) * 100, "1", tags=tags
        )
    else:
        voucher = company.journal.voucher(
            "TravelExpense", day, f"Reise til {rng.choice(('Hamar', 'Værøy', 'Førde', 'Ås'))}"
        )
        owed = company.journal.post_taxed(voucher, 7140, rng.randrange(300, 4000) * 100, "13", tags=tags)
        kilometres = rng.randrange(10, 400)
        owed += _post_rate(company, voucher, 7100, kilometres, 500)
        owed += _post_rate(company, voucher, 7160, rng.randrange(1, 4), 101_200)
    _post_employee(company, voucher, employee, -owed)
    company.add(voucher)
    paid = working_day_on_or_after(company.today + timedelta(days=rng.randrange(2, 14)))
    company.at(company.moment(paid), lambda: _pay_out(company, [(employee, owed)], "Utbetaling av utlegg"))


def _post_rate(company: InventedCompany, voucher: Voucher, account_no: int, count: int, rate: int) -> int:
    company.journal.post(voucher, account_no, count * rate, quantity=count * 100)
    return count * rate
