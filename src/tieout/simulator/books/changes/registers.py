"""Registers change: records are renamed, get new codes, are put aside, or are deleted without a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from tieout.simulator.books.invented import names, parties
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.registers import stamped
from tieout.simulator.books.model import Contact, Dimension, Product, ProductGroup, Project, Record

Change: TypeAlias = Callable[[InventedCompany], bool]


def _changed(company: InventedCompany, record: Record, kind: str, what: str) -> bool:
    company.books.touch(record)
    company.plant(kind, what)
    return True


def _rename_customer(company: InventedCompany) -> bool:
    return _rename_firm(company, "customer", [contact for contact in company.customers() if not contact.is_person])


def _rename_supplier(company: InventedCompany) -> bool:
    return _rename_firm(
        company, "supplier", [contact for contact in company.suppliers() if contact.organisation_number]
    )


def _rename_firm(company: InventedCompany, role: str, firms: list[Contact]) -> bool:
    if not firms:
        return False
    firm = company.rng.choice(firms)
    old, firm.name = firm.name, names.buyer(company.rng) if role == "customer" else names.seller(company.rng)
    return _changed(company, firm, f"{role} renamed", f"{old} -> {firm.name}")


def _move_house(company: InventedCompany) -> bool:
    """A customer's new address and e-mail."""
    customers = company.customers()
    if not customers:
        return False
    customer = company.rng.choice(customers)
    customer.address = names.address(company.rng)
    customer.email = names.email("ny", customer.customer_no, company.today.toordinal())
    return _changed(company, customer, "customer changed", customer.name)


def _rename_project(company: InventedCompany) -> bool:
    projects = company.open_projects()
    if not projects:
        return False
    project = company.rng.choice(projects)
    project.name = f"{project.name.partition(' (')[0]} ({company.today:%b %Y})"
    project.progress = min((project.progress or 0) + 5, 100)
    return _changed(company, project, "project renamed", project.code)


def _finish_project(company: InventedCompany) -> bool:
    """One project is completed and archived, a new one takes its place."""
    projects = [project for project in company.open_projects() if "." not in project.code]
    if not projects:
        return False
    old = company.rng.choice(projects)
    old.status, old.is_active = company.rng.choice(("Archived", "Complete")), False
    number = company.next_number("project", 901)
    name = f"Prosjekt {number}"
    new = replace(
        old,
        **stamped(company),
        code=f"{number}",
        name=name,
        status="Active",
        is_active=True,
        progress=0,
        parent_id=None,
    )
    company.books.projects[new.id] = new
    return _changed(company, old, "project archived", old.code)


def _change_product(company: InventedCompany) -> bool:
    """A new name and price for a ware."""
    products = [product for product in company.books.products.values() if product.id not in company.spares]
    product = company.rng.choice(products)
    product.name = f"{product.name.partition(' (')[0]} ({company.today.year}-modell {company.rng.randrange(100)})"
    product.unit_price = (product.unit_price or 10_000) + company.rng.choice((-100, 100, 500))
    return _changed(company, product, "product changed", product.code)


def _count_stock(company: InventedCompany) -> bool:
    """Stock moves by itself: its own stamp, not the product's (contract 7.12)."""
    products = [product for product in company.books.products.values() if product.is_stock_item]
    if not products:
        return True
    product = company.rng.choice(products)
    product.stock_on_hand = company.rng.randrange(0, 400)
    product.stock_changed = company.books.now
    company.books.version += 1
    company.plant("stock counted", product.code)
    return True


def _rename_department(company: InventedCompany) -> bool:
    department = company.rng.choice(company.usable(company.books.departments))
    department.name = f"{department.name.partition(' (')[0]} ({company.today:%d.%m})"
    return _changed(company, department, "department renamed", department.code)


def _switch_department(company: InventedCompany) -> bool:
    """The second department is closed, or opened again."""
    department = list(company.books.departments.values())[1]
    department.is_active = not department.is_active
    return _changed(company, department, "department switched", department.code)


def _recode_location(company: InventedCompany) -> bool:
    """The same location, another code."""
    location = company.rng.choice(company.usable(company.books.locations))
    location.code = f"{location.code.partition('/')[0]}/{company.rng.randrange(100):02d}"
    return _changed(company, location, "code changed", location.code)


def _switch_dimension(company: InventedCompany) -> bool:
    """A custom dimension's value goes out of use, or comes back."""
    value = company.rng.choice([value for value in company.books.custom_dimensions.values() if value.ordinal == 3])
    value.is_active = not value.is_active
    return _changed(company, value, "dimension switched", value.code)


def _rename_account(company: InventedCompany) -> bool:
    account = company.rng.choice([account for account in company.books.accounts.values() if account.no >= 6000])
    account.name = f"{account.name.partition(' (')[0]} ({company.today.year})"
    return _changed(company, account, "account renamed", str(account.no))


def _replace_customer(company: InventedCompany) -> bool:
    """One without open items is archived, another is new."""
    books = company.books
    owing = {entry.contact_id for entry in books.entries.values() if entry.balance()}
    owing |= {order.customer_id for order in books.orders.values()} | company.engaged
    free = [
        contact
        for contact in company.customers()
        if contact.id not in owing and not contact.supplier_no and not contact.employee_no
    ]
    parties.add_customer(company, is_person=company.rng.random() < 0.3)
    if not free:
        return False
    customer = company.rng.choice(free)
    customer.is_archived = True
    return _changed(company, customer, "contact archived", customer.name)


def _switch_role(company: InventedCompany) -> bool:
    """A contact that is customer and supplier loses one of the roles, or gets it back (contract 11, question 29)."""
    both = [contact for contact in company.books.contacts.values() if contact.customer_no and contact.supplier_no]
    if not both:
        return False
    contact = company.rng.choice(both)
    contact.is_active_supplier = not contact.is_active_supplier
    return _changed(company, contact, "role switched", contact.name)


def _gain_role(company: InventedCompany) -> bool:
    """A customer begins to sell to us: the same contact id turns up among the suppliers, with a stamp of its own."""
    both = [contact for contact in company.customers() if contact.supplier_no]
    firms = [contact for contact in company.customers() if contact.organisation_number and not contact.supplier_no]
    if not firms or len(both) > 5:
        return True
    firm = company.rng.choice(firms)
    firm.supplier_no = company.next_number("supplier", 20_001)
    firm.supplier_since = company.books.now
    return _changed(company, firm, "role gained", firm.name)


def _rename_in_list(company: InventedCompany) -> bool:
    """A payment term, delivery term, theme or group gets another name."""
    books = company.books
    shelves = (books.payment_terms, books.delivery_terms, books.branding_themes, books.contact_groups)
    record = company.rng.choice(list(company.rng.choice(shelves).values()))
    record.name = f"{record.name.partition(' (')[0]} ({company.today:%d.%m})"
    return _changed(company, record, "list renamed", record.name)


def _change_contact_person(company: InventedCompany) -> bool:
    persons = list(company.books.contact_persons.values())
    if not persons:
        return False
    person = company.rng.choice(persons)
    person.phone = names.phone(company.rng.randrange(100_000))
    return _changed(company, person, "contact person changed", person.last_name)


def _change_settings(company: InventedCompany) -> bool:
    """The company itself gets another telephone number."""
    profile = company.books.profile
    profile.phone = names.phone(company.rng.randrange(100_000))
    profile.settings_changed = company.books.now
    company.books.version += 1
    company.plant("settings changed", profile.name)
    return True


def _delete_spares(company: InventedCompany) -> bool:
    """Records made by mistake that nobody uses are deleted some days later: no tombstone, nothing in any list."""
    for kind, shelf, record in _spares(company):
        shelf[record.id] = record
        company.spares.add(record.id)
        gone = company.moment(company.today + timedelta(days=3))
        company.at(gone, lambda kind=kind, shelf=shelf, record=record: _delete(company, kind, shelf, record))  # type: ignore[misc]
    company.books.version += 1
    return True


def _delete(company: InventedCompany, kind: str, shelf: dict[int, Any], record: Record) -> None:
    del shelf[record.id]
    company.spares.discard(record.id)
    company.books.version += 1
    company.plant(f"{kind} deleted", str(record.id))


def _spares(company: InventedCompany) -> list[tuple[str, dict[int, Any], Record]]:
    books = company.books
    number = company.next_number("spare", 1)
    code, name = f"FEIL {number}", f"Opprettet ved en feil {number}"
    customer = Contact(
        **stamped(company),
        name=name,
        customer_no=company.next_number("customer", 10_001),
        customer_since=books.now,
        email=names.email(code),
    )
    supplier = Contact(
        **stamped(company), name=name, supplier_no=company.next_number("supplier", 20_001), supplier_since=books.now
    )
    return [
        ("customer", books.contacts, customer),
        ("supplier", books.contacts, supplier),
        ("project", books.projects, Project(**stamped(company), code=code, name=name)),
        ("product", books.products, Product(**stamped(company), code=code, name=name)),
        ("product group", books.product_groups, ProductGroup(**stamped(company), code=code, name=name)),
        ("department", books.departments, Dimension(**stamped(company), code=code, name=name, is_active=False)),
        ("location", books.locations, Dimension(**stamped(company), code=code, name=name, is_active=False)),
        (
            "dimension",
            books.custom_dimensions,
            Dimension(**stamped(company), code=code, name=name, is_active=False, ordinal=1),
        ),
    ]


CHANGES: tuple[Change, ...] = (
    _rename_customer,
    _rename_supplier,
    _move_house,
    _rename_project,
    _finish_project,
    _change_product,
    _count_stock,
    _rename_department,
    _switch_department,
    _recode_location,
    _switch_dimension,
    _rename_account,
    _replace_customer,
    _switch_role,
    _gain_role,
    _rename_in_list,
    _change_contact_person,
    _change_settings,
    _delete_spares,
)
