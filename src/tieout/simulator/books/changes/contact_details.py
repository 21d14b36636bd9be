"""Changes of bank accounts and delivery addresses. They leave the contact's own stamp alone (contract 6.12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tieout.simulator.books import numbers
from tieout.simulator.books.invented import contact_details, names
from tieout.simulator.books.invented.company import InventedCompany

Change: TypeAlias = Callable[[InventedCompany], bool]


def _change_bank_account(company: InventedCompany) -> bool:
    """A supplier has moved to another bank: the old account is put out of use, a new one is there."""
    accounts = [account for account in company.books.contact_bank_accounts.values() if account.is_active]
    if not accounts:
        return False
    old = company.rng.choice(accounts)
    old.is_active = False
    company.books.touch(old)
    contact = company.books.contacts[old.contact_id]
    contact_details.add_bank_account(company, contact)
    company.plant("bank account replaced", contact.name)
    return True


def _mend_bank_account(company: InventedCompany) -> bool:
    """A number was typed wrong."""
    accounts = [account for account in company.books.contact_bank_accounts.values() if account.country == "NO"]
    if not accounts:
        return False
    account = company.rng.choice(accounts)
    account.number = numbers.bank_account(company.rng)
    company.books.touch(account)
    company.plant("bank account changed", str(account.id))
    return True


def _change_delivery_address(company: InventedCompany) -> bool:
    addresses = list(company.books.delivery_addresses.values())
    if not addresses:
        return False
    address = company.rng.choice(addresses)
    address.address = names.address(company.rng)
    company.books.touch(address)
    company.plant("delivery address changed", str(address.id))
    return True


def _replace_delivery_address(company: InventedCompany) -> bool:
    """One is deleted without a trace, another customer gets one."""
    books, customers = company.books, company.customers()
    addresses = list(books.delivery_addresses.values())
    if not addresses or not customers:
        return False
    gone = company.rng.choice(addresses)
    contact_details.add_delivery_address(company, company.rng.choice(customers))
    del books.delivery_addresses[gone.id]
    books.version += 1
    company.plant("delivery address deleted", str(gone.id))
    return True


CHANGES: tuple[Change, ...] = (
    _change_bank_account,
    _mend_bank_account,
    _change_delivery_address,
    _replace_delivery_address,
)
