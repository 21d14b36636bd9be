"""The people and firms of a company: employees, customers, suppliers, and those who are several at once."""

from __future__ import annotations

from tieout.simulator.books import numbers
from tieout.simulator.books.invented import names
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.registers import stamped
from tieout.simulator.books.model import Address, Contact, ContactPerson

_TITLES = (
    "Daglig leder",
    "Butikkmedarbeider",
    "Rådgiver",
    "Prosjektleder",
    "Lagermedarbeider",
    "Selger",
    "Fagarbeider",
)


def add_employees(company: InventedCompany) -> None:
    manager_id = None
    for number in range(1, company.business.employees + 1):
        first, last = names.person("Ansatt", number)
        employee = Contact(
            **stamped(company),
            name=f"{first} {last}",
            first_name=first,
            last_name=last,
            is_person=True,
            employee_no=30_000 + number,
            employee_since=company.books.now,
            email=names.email("ansatt", number),
            phone=names.phone(number),
            address=names.address(company.rng),
            job_title=_TITLES[0] if number == 1 else company.rng.choice(_TITLES[1:]),
            hired=company.books.profile.conversion_date,
            manager_id=manager_id,
            external_no=800_000 + number,
        )
        manager_id = manager_id or employee.id
        company.books.contacts[employee.id] = employee


def place_employees(company: InventedCompany) -> None:
    """Give each employee a department and a location."""
    for employee in company.staff():
        employee.department_id = company.rng.choice(company.usable(company.books.departments)).id
        employee.location_id = company.rng.choice(company.usable(company.books.locations)).id


def add_customers_and_suppliers(company: InventedCompany) -> None:
    """The first customer sells to us too, and the first employee buys from us: one contact id, several numbers."""
    business = company.business
    for number in range(business.customers):
        add_customer(company, is_person=number >= business.customers - business.consumers)
    for number in range(business.suppliers):
        add_supplier(company, ("EUR", "SEK", "USD")[number] if number < 3 else "NOK")
    _add_roles(company)


def add_customer(company: InventedCompany, *, is_person: bool) -> Contact:
    books, rng = company.books, company.rng
    number = company.next_number("private customer", 19_001) if is_person else company.next_number("customer", 10_001)
    first, last = names.person("Kunde", number) if is_person else (None, None)
    name = f"{first} {last}" if is_person else names.buyer(rng)
    customer = Contact(
        **stamped(company),
        name=name,
        first_name=first,
        last_name=last,
        is_person=is_person,
        organisation_number=None if is_person else numbers.organisation_number(rng),
        customer_no=number,
        customer_since=books.now,
        email=names.email("kunde", number),
        phone=names.phone(number),
        address=names.address(rng),
        payment_days=rng.choices((14, 30, 10), (60, 30, 10))[0],
        external_no=700_000 + number if rng.random() < 0.3 else None,
        group_ids=tuple(rng.sample(list(books.contact_groups), rng.randrange(0, 3))),
        website=f"https://example.com/{number}",
        invoice_email=names.email("faktura", number),
        delivery=rng.choice(("PdfByEmail", "Print")) if is_person else rng.choice(("EHF", "EHF", "PdfByEmail")),
        delivery_term_id=rng.choice(list(books.delivery_terms)),
        branding_theme_id=rng.choice(list(books.branding_themes)),
        sales_person_id=rng.choice(company.staff()).id,
        department_id=rng.choice(company.usable(books.departments)).id,
        discount=rng.choice((0, 0, 0, 500, 1000)),
        billable_rate=rng.choice((None, None, 135_000)),
    )
    books.contacts[customer.id] = customer
    if not is_person:
        _add_contact_person(company, customer)
    return customer


def _add_contact_person(company: InventedCompany, contact: Contact) -> None:
    number = company.next_number("contact person", 1)
    first, last = names.person("Kontaktperson", number)
    person = ContactPerson(
        **stamped(company),
        contact_id=contact.id,
        first_name=first,
        last_name=last,
        email=names.email("kontaktperson", number),
        phone=names.phone(number),
        title=company.rng.choice(("Innkjøper", "Økonomi", "Byggeleder")),
        is_default=True,
        external_code=f"KP-{number}",
        address=contact.address,
    )
    company.books.contact_persons[person.id] = person


def add_supplier(company: InventedCompany, currency: str = "NOK", *, name: str | None = None) -> Contact:
    rng = company.rng
    number = company.next_number("supplier", 20_001)
    if currency == "NOK":
        name, address = name or names.seller(rng), names.address(rng)
    else:
        name, address = names.seller_abroad(rng, currency)
    supplier = Contact(
        **stamped(company),
        name=name,
        organisation_number=numbers.organisation_number(rng) if currency == "NOK" else None,
        supplier_no=number,
        supplier_since=company.books.now,
        email=names.email("leverandor", number),
        phone=names.phone(number),
        address=address,
        currency=currency,
        external_no=600_000 + number if rng.random() < 0.3 else None,
        website=f"https://example.com/{number}",
        group_ids=tuple(company.books.contact_groups)[2:] if rng.random() < 0.3 else (),
    )
    company.books.contacts[supplier.id] = supplier
    return supplier


def _add_roles(company: InventedCompany) -> None:
    customer = company.customers()[0]
    customer.supplier_no = company.next_number("supplier", 20_001)
    customer.supplier_since = company.books.now
    employee = company.staff()[-1]
    employee.customer_no = company.next_number("private customer", 19_001)
    employee.customer_since = company.books.now
    consultant = _sole_trader(company)
    company.books.contacts[consultant.id] = consultant


def _sole_trader(company: InventedCompany) -> Contact:
    """A person who sells to us: suppliers can be persons too."""
    number = company.next_number("supplier", 20_001)
    first, last = names.person("Leverandør", number)
    return Contact(
        **stamped(company),
        name=f"{first} {last}",
        first_name=first,
        last_name=last,
        is_person=True,
        supplier_no=number,
        supplier_since=company.books.now,
        email=names.email("leverandor", number),
        phone=names.phone(number),
        address=Address(line1="Prøveveien 1", zip_code="0150", city="Oslo"),
    )
