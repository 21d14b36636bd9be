"""Parts that many of the vendor's objects share: dimensions, addresses, stamps (contract 7)."""

from __future__ import annotations

from typing import Any

from tieout.simulator.books.model import Address, Books, Contact, Tags

Row = dict[str, Any]


def tags(books: Books, given: Tags, *, product: bool = False) -> Row:
    """Dimension ids and codes."""
    row: Row = {}
    for name, record_id, records in (
        ("Department", given.department_id, books.departments),
        ("Project", given.project_id, books.projects),
        ("Location", given.location_id, books.locations),
        ("Dim1", given.dim1_id, books.custom_dimensions),
        ("Dim2", given.dim2_id, books.custom_dimensions),
        ("Dim3", given.dim3_id, books.custom_dimensions),
    ):
        row[f"{name}Id"] = record_id
        row[f"{name}Code"] = code_of(records, record_id)
    if product:
        row["ProductId"] = given.product_id
        row["ProductCode"] = code_of(books.products, given.product_id)
    return row


def code_of(records: Any, record_id: int | None) -> str | None:
    """The code of a record that may have been deleted since."""
    record = records.get(record_id) if record_id is not None else None
    return record.code if record else None


def address(given: Address) -> Row:
    """`AddressDto` (contract 7.19)."""
    return {
        "AddressLine1": given.line1,
        "AddressLine2": given.line2,
        "City": given.city,
        "CountryCode": given.country,
        "ZipCode": given.zip_code,
    }


def number_of(contact: Contact | None, role: str) -> int | None:
    """A contact's number in one of its roles: customer, supplier or employee."""
    return getattr(contact, f"{role}_no") if contact else None


def employee_no(books: Books, contact_id: int | None) -> int | None:
    return number_of(books.contacts.get(contact_id), "employee") if contact_id is not None else None


def vat_id(books: Books, code: str | None) -> int | None:
    vat_code = books.vat_codes.get(code) if code else None
    return vat_code.id if vat_code else None
