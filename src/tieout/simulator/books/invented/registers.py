"""What a company has before the first voucher: settings lists, number series, banks, dimensions, products."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tieout.simulator.books import numbers
from tieout.simulator.books.invented import names
from tieout.simulator.books.invented.business import Ware
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import (
    BankAccount,
    ClientContact,
    Dimension,
    Named,
    Product,
    ProductGroup,
    Project,
    Series,
)

_DIMENSIONS = (  # code, name; by ordinal. Blanks, Norwegian letters and leading zeros are legal codes.
    (("A1", "Anlegg nord"), ("A2", "Anlegg sør"), ("ÆØÅ 1", "Prøveanlegg")),
    (("007", "Vårkampanje"), ("008", "Høstsalg"), ("JUL 24", "Jul")),
    (("B-1", "Varebil"), ("B-2", "Lastebil")),
)
_LOCATIONS = (("01", "Hovedkontor"), ("02 Ø", "Avdeling øst"), ("LAGER", "Lager"))


def stamped(company: InventedCompany) -> dict[str, Any]:
    """Id and stamps of a record that is made now."""
    return {"id": company.books.new_id(), "created": company.books.now, "changed": company.books.now}


def add_settings(company: InventedCompany) -> None:
    """Terms, themes, groups, series, banks and the people to ask."""
    books = company.books
    for name, days in (("10 dager", 10), ("14 dager", 14), ("30 dager", 30), ("Kontant", 0)):
        term = Named(**stamped(company), name=name, days=days, is_default=days == 14)
        books.payment_terms[term.id] = term
    for name, is_default in (("Fritt levert", True), ("Ab lager", False)):
        delivery = Named(**stamped(company), name=name, is_default=is_default)
        books.delivery_terms[delivery.id] = delivery
    for code, name in (("STD", "Standard"), ("ENG", "English")):
        theme = Named(**stamped(company), code=code, name=name, is_default=code == "STD")
        books.branding_themes[theme.id] = theme
    for name in ("Offentlig", "Nøkkelkunder", "Faste leverandører"):
        group = Named(**stamped(company), name=name)
        books.contact_groups[group.id] = group
    _add_series(company)
    _add_banks(company)
    _add_client_contacts(company)


def _add_series(company: InventedCompany) -> None:
    rows = [
        ("Customer", "Kunder", 1500, 10_000, 18_999, True),
        ("Customer", "Privatkunder", 1510, 19_000, 19_999, False),
    ]
    rows += [
        ("Supplier", "Leverandører", 2400, 20_000, 29_999, True),
        ("Employee", "Ansatte", 2910, 30_000, 30_999, True),
    ]
    for kind, name, account_no, first, last, is_default in rows:
        company.books.series.append(
            Series(
                id=company.journal.new_uuid(),
                kind=kind,
                name=name,
                account_no=account_no,
                first=first,
                last=last,
                is_default=is_default,
            )
        )


def _add_banks(company: InventedCompany) -> None:
    for account_no, currency in ((1920, "NOK"), (1930, "NOK"), (1940, "EUR"), (1950, "NOK")):
        bank = BankAccount(
            **stamped(company),
            number=numbers.bank_account(company.rng),
            bank="Prøvebanken",
            account_no=account_no,
            currency=currency,
            is_primary=account_no == 1920,
            bic="TESTNOK0",
        )
        company.books.bank_accounts[bank.id] = bank


def _add_client_contacts(company: InventedCompany) -> None:
    for number, role in enumerate(("GeneralManager", "Accountant", "Chairman", "Other"), start=1):
        contact = ClientContact(
            **stamped(company),
            name=f"Test Kontakt {number}",
            role=role,
            email=names.email("kontakt", number),
            phone=names.phone(number),
        )
        company.books.client_contacts[contact.id] = contact


def add_dimensions(company: InventedCompany) -> None:
    """Departments, locations and custom dimensions."""
    books = company.books
    books.profile.dimension_names = ("Anlegg", "Kampanje", "Kjøretøy")
    managers = [contact.id for contact in company.staff()]
    for number, name in enumerate(company.business.departments, start=1):
        code = "ØST 1" if number == len(company.business.departments) else f"{number:02d}"
        department = Dimension(**stamped(company), code=code, name=name, manager_id=managers[number % len(managers)])
        books.departments[department.id] = department
    for code, name in _LOCATIONS:
        location = Dimension(**stamped(company), code=code, name=name)
        books.locations[location.id] = location
    for ordinal, values in enumerate(_DIMENSIONS, start=1):
        for code, name in values:
            value = Dimension(**stamped(company), code=code, name=name, ordinal=ordinal)
            books.custom_dimensions[value.id] = value


def add_products(company: InventedCompany) -> None:
    """The groups and wares of the business; most wares inherit account and some the price of their group."""
    books = company.books
    groups: dict[str, int] = {}
    for code, name, account_no in company.business.groups:
        kind = "Service" if account_no == 3020 else "Product"
        group = ProductGroup(
            **stamped(company),
            code=code,
            name=name,
            type=kind,
            unit="HUR" if code == "TIMER" else "EA",
            unit_price=120_000 if code == "TIMER" else None,
            unit_cost=60_000 if code == "TIMER" else None,
            sales_account=account_no,
            vat_free_sales_account=3100,
            description=f"Alt som hører til {name.lower()}",
        )
        books.product_groups[group.id] = group
        groups[code] = group.id
    for ware in company.business.wares:
        product = _product(company, ware, groups[ware.group])
        books.products[product.id] = product


def _product(company: InventedCompany, ware: Ware, group_id: int) -> Product:
    return Product(
        **stamped(company),
        code=ware.code,
        name=ware.name,
        group_id=group_id,
        type="Product" if ware.in_stock else "Service",
        unit=ware.unit,
        unit_price=ware.price,
        unit_cost=ware.cost,
        sales_account=ware.account,
        vat_free_sales_account=3100 if ware.account else None,
        is_stock_item=ware.in_stock,
        stock_on_hand=company.rng.randrange(20, 400) if ware.in_stock else None,
        stock_changed=company.books.now if ware.in_stock else None,
        gtin=f"2{company.rng.randrange(10**12):012d}" if ware.in_stock else None,
        description=f"{ware.name}: en prøvevare",
    )


def add_projects(company: InventedCompany) -> None:
    """Projects with customers; every fourth has two sub-projects that inherit what they leave empty."""
    for number in range(1, company.business.projects + 1):
        parent = _project(company, f"{number:03d}" if number % 5 else f"PRØVE {number}", f"Prosjekt {number}", None)
        if number % 4 == 1:
            for part in ("1", "2"):
                _project(company, f"{parent.code}.{part}", f"{parent.name}, del {part}", parent)


def _project(company: InventedCompany, code: str, name: str, parent: Project | None) -> Project:
    books, rng = company.books, company.rng
    staff = company.staff()
    hours = rng.randrange(40, 900)
    customer = None if parent else rng.choice(company.customers())
    persons = [person.id for person in books.contact_persons.values() if customer and person.contact_id == customer.id]
    project = Project(
        **stamped(company),
        code=code,
        name=name,
        parent_id=parent.id if parent else None,
        customer_id=customer.id if customer else None,
        department_id=None if parent else rng.choice(list(books.departments)),
        manager_id=None if parent else rng.choice(staff).id,
        start=books.profile.conversion_date,
        end=books.profile.conversion_date + timedelta(days=rng.randrange(200, 1200)),
        is_internal=rng.random() < 0.1,
        fixed_price=rng.randrange(50, 900) * 100_000 if rng.random() < 0.3 else None,
        billable_rate=None if parent else rng.choice((120_000, 145_000, 178_000)),
        budgeted_hours=hours,
        budgeted_revenue=hours * 140_000,
        budgeted_billable_rate=140_000,
        budgeted_goods=hours * 9_000,
        budgeted_payroll=hours * 60_000,
        budgeted_other=hours * 4_000,
        billing_method=rng.choice(("Time", "TimeAndExpenses", "FixedPrice")),
        progress=rng.randrange(0, 100),
        contact_person_id=persons[0] if persons else None,
        contract_no=f"K-{code}",
        purchase_order=f"PO {code}",
        external_no=None if parent else 500_000 + len(books.projects),
        location_id=rng.choice(list(books.locations)),
        branding_theme_id=rng.choice(list(books.branding_themes)),
        delivery_term_id=rng.choice(list(books.delivery_terms)),
        payment_days=rng.choice((14, 30)),
    )
    books.projects[project.id] = project
    return project
