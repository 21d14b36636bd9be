"""Bank accounts and delivery addresses of contacts (contract 6.7). Only of contacts that the integration may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from tieout.simulator.books.model import Contact, ContactBankAccount, DeliveryAddress
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint
from tieout.simulator.poweroffice.api.parameters import changed_after, ids, words
from tieout.simulator.poweroffice.api.properties import CHANGED, STAMPS, address, single
from tieout.simulator.poweroffice.api.view import View

Detail = TypeVar("Detail", ContactBankAccount, DeliveryAddress)
_ROLES = ("Customer", "Supplier", "Employee")


def _of_readable(shelf: Callable[[View], Mapping[int, Detail]]) -> Callable[[View], Iterable[Detail]]:
    """Those whose contact is a customer, supplier or employee that the token may read."""

    def rows(view: View) -> Iterable[Detail]:
        held = {privilege.removesuffix("_Full") for privilege in view.privileges[0]}
        roles = [role for role in _ROLES if role in held]
        return [one for one in shelf(view).values() if _has_role(view.books.contacts[one.contact_id], roles)]

    return rows


def _has_role(contact: Contact, roles: Iterable[str]) -> bool:
    return any(getattr(contact, f"{role.lower()}_no") is not None for role in roles)


def _of_address(name: str) -> Callable[[DeliveryAddress, View], Any]:
    return lambda one, view: address(one.address)[name]


BANK_ACCOUNT: Columns = {
    "BankAccountNumber": lambda account, view: account.number,
    "BankCode": lambda account, view: None if account.bic or account.country == "NO" else account.country,
    "BicSwift": lambda account, view: account.bic,
    "ContactId": lambda account, view: account.contact_id,
    "CountryCode": lambda account, view: account.country,
    "CreateDateTimeOffset": lambda account, view: account.created,  # spelt so (contract 9.3)
    "Id": lambda account, view: account.id,
    "IsActive": lambda account, view: account.is_active,
    **CHANGED,
}
DELIVERY_ADDRESS: Columns = {
    **{name: _of_address(name) for name in ("AddressLine1", "AddressLine2", "City", "CountryCode", "ZipCode")},
    "ContactId": lambda one, view: one.contact_id,
    "ExternalCode": lambda one, view: one.external_code,
    "Id": lambda one, view: one.id,
    "IsPrimary": lambda one, view: one.is_primary,
    **STAMPS,
}
_CREATED = changed_after("createdDateTimeOffsetGreaterThan", STAMPS["CreatedDateTimeOffset"])
_CHANGED = changed_after("lastChangedDateTimeOffsetGreaterThan", CHANGED["LastChangedDateTimeOffset"])

BANK_ACCOUNTS = Endpoint(
    path="/ContactBankAccounts",
    schema="ContactBankAccountDto",
    privileges=("ContactBankAccount", *_ROLES),
    rows=_of_readable(lambda view: view.books.contact_bank_accounts),
    columns=BANK_ACCOUNT,
    parameters=(
        _CREATED,
        _CHANGED,
        ids("contactIds", BANK_ACCOUNT["ContactId"]),
        words("bankAccountNumbers", BANK_ACCOUNT["BankAccountNumber"]),
    ),
)
DELIVERY_ADDRESSES = Endpoint(
    path="/ContactDeliveryAddresses",
    schema="ContactDeliveryAddressDto",
    privileges=("ContactDeliveryAddress", *_ROLES),
    rows=_of_readable(lambda view: view.books.delivery_addresses),
    columns=DELIVERY_ADDRESS,
    parameters=(
        _CREATED,
        _CHANGED,
        ids("contactIds", DELIVERY_ADDRESS["ContactId"]),
        words("externalCodes", DELIVERY_ADDRESS["ExternalCode"]),
    ),
)

ENDPOINTS = (
    BANK_ACCOUNTS,
    single(BANK_ACCOUNTS, owner="ContactId"),
    DELIVERY_ADDRESSES,
    single(DELIVERY_ADDRESSES, owner="ContactId"),
)
