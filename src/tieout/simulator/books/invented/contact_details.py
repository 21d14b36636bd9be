"""Where contacts are paid and where they want goods: bank accounts and delivery addresses."""

from __future__ import annotations

from random import Random

from tieout.simulator.books import numbers
from tieout.simulator.books.invented import names
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.registers import stamped
from tieout.simulator.books.model import Contact, ContactBankAccount, DeliveryAddress


def add_details(company: InventedCompany) -> None:
    """A bank account for whoever is paid, a delivery address for every fourth customer and a second one for some."""
    with company.aside("details"):
        for contact in list(company.books.contacts.values()):
            if contact.supplier_no or contact.employee_no:
                add_bank_account(company, contact)
            draw = company.rng.random()
            if contact.customer_no and (draw < 0.25 or not company.books.delivery_addresses):
                add_delivery_address(company, contact, is_primary=True)
                if draw < 0.08:
                    add_delivery_address(company, contact)


def add_bank_account(company: InventedCompany, contact: Contact) -> ContactBankAccount:
    """An account with a valid number; abroad, an IBAN that is plainly an example."""
    number, bic = _number(company.rng, contact.address.country)
    account = ContactBankAccount(
        **stamped(company), contact_id=contact.id, number=number, country=contact.address.country, bic=bic
    )
    company.books.contact_bank_accounts[account.id] = account
    return account


def _number(rng: Random, country: str) -> tuple[str, str | None]:
    if country == "NO":
        return numbers.bank_account(rng), None
    return f"{country}00EXAMPLE{rng.randrange(10**8):08d}", f"TEST{country}00"


def add_delivery_address(company: InventedCompany, contact: Contact, *, is_primary: bool = False) -> DeliveryAddress:
    number = company.next_number("delivery address", 1)
    address = DeliveryAddress(
        **stamped(company),
        contact_id=contact.id,
        address=names.address(company.rng),
        external_code=f"LA-{number}",
        is_primary=is_primary,
    )
    company.books.delivery_addresses[address.id] = address
    return address
