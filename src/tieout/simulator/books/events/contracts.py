"""Work at a fixed price: an advance invoice when it is agreed, and when it is done a final one less the advance."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from tieout.simulator.books.events import order_lines, sales
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.working_days import is_working_day, working_day_on_or_after
from tieout.simulator.books.model import Invoice, InvoiceLine, Project

ADVANCES = 2900
_ADVANCE, _LABOUR = 4000, 6500  # of the price, basis points
_CODE = "3"


def plan(company: InventedCompany, day: date) -> None:
    """Contracts are agreed on working days."""
    if not company.business.contracts or not is_working_day(day):
        return
    for _ in range(company.how_many(company.business.contracts * company.season(day) / 21)):
        company.at(company.moment(day), lambda: agree(company))


def agree(company: InventedCompany) -> UUID | None:
    """Agree on a price for a customer's project and invoice the advance. Gives the order's id; None without a project."""
    customers = {customer.id for customer in company.customers()}
    projects = [project for project in company.open_projects() if project.customer_id in customers]
    if not projects:
        return None
    project = company.rng.choice(projects)
    customer = company.books.contacts[project.customer_id or 0]
    price = company.rng.randrange(60, 400) * 100_000
    tags = company.tags(department=project.department_id, project=project.id)
    text = f"Forskudd, {project.name}"
    line = order_lines.plain(company, text, ADVANCES, share(price, _ADVANCE), _CODE, tags=tags)
    order = sales.place(company, customer, [line], tags, most_days=3)
    company.engaged.add(customer.id)
    done = working_day_on_or_after(company.today + timedelta(days=company.rng.randrange(25, 75)))
    company.at(company.moment(done), lambda: finish(company, order.id, project, price))
    return order.id


def finish(company: InventedCompany, order_id: UUID, project: Project, price: int) -> UUID:
    """Invoice the whole price, less the advance where that still stands. Gives the order's id."""
    advance = company.books.outgoing[order_id]
    tags, labour = advance.tags, share(price, _LABOUR)
    lines: list[InvoiceLine] = [
        order_lines.plain(company, f"Arbeid, {project.name}", 3020, labour, _CODE, tags=tags),
        order_lines.plain(company, "Materialer", 3000, price - labour, _CODE, tags=tags),
    ]
    if _stands(company, advance):
        text = f"Fratrukket forskudd, faktura {advance.invoice_no}"
        lines.append(order_lines.plain(company, text, ADVANCES, -advance.net, _CODE, tags=tags))
    customer = company.books.contacts[advance.contact_id]
    return sales.place(company, customer, order_lines.numbered(lines), tags, most_days=3).id


def _stands(company: InventedCompany, advance: Invoice) -> bool:
    """Whether it was neither reversed nor credited."""
    credited = {invoice.related_invoice_no for invoice in company.books.outgoing.values() if invoice.is_credit_note}
    return not advance.voucher.is_reversed and advance.invoice_no not in credited
