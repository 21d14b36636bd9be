"""The lines of an order: hours by project, goods from the shelf, services sold abroad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.registers import stamped
from tieout.simulator.books.model import NO_TAGS, Contact, InvoiceLine, Product, Tags

MakeLines: TypeAlias = Callable[[InventedCompany, Contact], tuple[list[InvoiceLine], Tags]]


def hours(company: InventedCompany, customer: Contact) -> tuple[list[InvoiceLine], Tags]:
    """One to four lines of hours on a project, now and then with the project's name above and the sum of hours below."""
    rng = company.rng
    projects = [project for project in company.open_projects() if not project.is_internal]
    project = rng.choice(projects) if projects else None
    header = company.tags(
        department=rng.choice(company.usable(company.books.departments)).id, project=project.id if project else None
    )
    worked = [product for product in _products(company) if product.unit in ("HUR", "DAY", "MON")]
    wares = worked or _products(company)
    lines = [_line(company, customer, rng.choice(wares), header) for _ in range(rng.randrange(1, 5))]
    if project and rng.random() < 0.3:
        lines.insert(0, _text(company, f'Arbeid på "{project.name}"\nsom avtalt', "Text"))
        lines.append(_text(company, "Sum timer", "TotalHours", sum(line.quantity for line in lines[1:])))
    return numbered(lines), header


def goods(company: InventedCompany, customer: Contact) -> tuple[list[InvoiceLine], Tags]:
    """One to five products, some for nothing, some with an invoice fee."""
    rng = company.rng
    header = _header(company)
    lines: list[InvoiceLine] = []
    for _ in range(rng.randrange(1, 6)):
        product = rng.choice(_products(company))
        lines.append(_line(company, customer, product, header))
        if product.is_stock_item:
            product.stock_on_hand = (product.stock_on_hand or 0) - lines[-1].quantity // 100
            product.stock_changed = company.books.now
    if rng.random() < 0.05:
        lines[-1].unit_price = lines[-1].net = lines[-1].vat = 0  # a gift: a line of nothing is legal
    if rng.random() < 0.1:
        lines.append(_fee(company))
    return numbered(lines), header


def export(company: InventedCompany, customer: Contact) -> tuple[list[InvoiceLine], Tags]:
    """A service to another country: euro, code 52, no VAT."""
    header = _header(company)
    line = _line(company, customer, company.rng.choice(_products(company)), header)
    line.unit_price = (line.unit_price or 10_000) // 11
    line.net, line.vat, line.vat_rate = line.unit_price * line.quantity // 100, 0, 0
    line.account_no, line.vat_code, line.discount = 3120, "52", 0
    return [line], header


def plain(
    company: InventedCompany,
    text: str,
    account_no: int,
    net: int,
    code: str,
    *,
    tags: Tags = NO_TAGS,
    product: Product | None = None,
) -> InvoiceLine:
    """A line at an agreed amount before VAT, with or without a product."""
    vat_code = company.books.vat_codes[company.journal.usable_code(code)]
    return InvoiceLine(
        **stamped(company),
        sort=0,
        description=text,
        account_no=account_no,
        product_id=product.id if product else None,
        unit=product.unit if product else "EA",
        unit_price=net,
        net=net,
        vat=share(net, vat_code.rate),
        vat_code=vat_code.code,
        vat_rate=vat_code.rate,
        tags=_on(company, tags, product) if product else tags,
    )


def numbered(lines: list[InvoiceLine]) -> list[InvoiceLine]:
    """The same lines, each with its place."""
    for sort, line in enumerate(lines):
        line.sort = sort
    return lines


def sales_account(company: InventedCompany, product: Product) -> int:
    """The product's own account, or the one it inherits from its group."""
    if product.sales_account:
        return product.sales_account
    group = company.books.product_groups.get(product.group_id or 0)
    return (group.sales_account if group else None) or 3000


def _quantity(company: InventedCompany, product: Product) -> int:
    """Half hours up to three days, a few courses or months, up to a dozen of a ware. Hundredths."""
    if product.unit == "HUR":
        return company.rng.randrange(1, 50) * 50
    return company.rng.randrange(1, 4 if product.unit in ("DAY", "MON") else 12) * 100


def _header(company: InventedCompany) -> Tags:
    """A department always, a location and a project now and then, custom dimensions seldom."""
    rng, books = company.rng, company.books
    projects = company.open_projects()
    values: list[int | None] = [None, None, None]
    if rng.random() < 0.1:
        value = rng.choice(company.usable(books.custom_dimensions))
        values[(value.ordinal or 1) - 1] = value.id
    return company.tags(
        department=rng.choice(company.usable(books.departments)).id,
        project=rng.choice(projects).id if projects and rng.random() < 0.2 else None,
        location=rng.choice(company.usable(books.locations)).id if rng.random() < 0.3 else None,
        dim1=values[0],
        dim2=values[1],
        dim3=values[2],
    )


def _on(company: InventedCompany, header: Tags, product: Product) -> Tags:
    """The dimensions of a line: those of its order, and the product."""
    return company.tags(
        department=header.department_id,
        project=header.project_id,
        location=header.location_id,
        dim1=header.dim1_id,
        dim2=header.dim2_id,
        dim3=header.dim3_id,
        product=product.id,
    )


def _products(company: InventedCompany) -> list[Product]:
    return [
        product
        for product in company.books.products.values()
        if not product.is_archived and product.id not in company.spares
    ]


def _line(company: InventedCompany, customer: Contact, product: Product, header: Tags) -> InvoiceLine:
    quantity = _quantity(company, product)
    account_no = sales_account(company, product)
    code = company.books.vat_codes[company.books.accounts[account_no].vat_code or "0"]
    price = product.unit_price or 100_000
    net = price * quantity // 100
    net -= share(net, customer.discount)
    return InvoiceLine(
        **stamped(company),
        sort=0,
        description=product.name,
        account_no=account_no,
        product_id=product.id,
        quantity=quantity,
        unit=product.unit,
        unit_price=price,
        unit_cost=product.unit_cost,
        discount=customer.discount,
        net=net,
        vat=share(net, code.rate),
        vat_code=code.code,
        vat_rate=code.rate,
        sellers_reference_id=customer.sales_person_id,
        is_accrued=product.unit == "MON" and quantity > 100,
        tags=_on(company, header, product),
    )


def _fee(company: InventedCompany) -> InvoiceLine:
    return replace(plain(company, "Fakturagebyr", 3900, 4_900, "3"), line_type="InvoiceFee")


def _text(company: InventedCompany, text: str, line_type: str, quantity: int = 0) -> InvoiceLine:
    return InvoiceLine(**stamped(company), sort=0, description=text, line_type=line_type, quantity=quantity)
