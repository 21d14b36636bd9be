"""SAF-T's master files, element by element: accounts, parties, VAT codes, dimensions, banks and people."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.content import (
    AccountRow,
    BankRow,
    Content,
    DimensionRow,
    PartyBalance,
    PartyRow,
    PersonRow,
    VatRow,
)
from tieout.simulator.books.loading.elements import Element, child, children, text, texts
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import Address

_INACTIVE = ("closed", "passive", "inactive", "deleted")


def account(element: Element, remarks: Remarks) -> AccountRow:
    told = texts(element)
    return AccountRow(
        id=required(told, "AccountID"),
        name=told.get("AccountDescription", ""),
        category=told.get("GroupingCategory"),
        opening=balance(told, "Opening", remarks) or 0,
        closing=balance(told, "Closing", remarks),
    )


def merge_repeated(content: Content) -> None:
    """An account that stands twice in the chart: repeated alike it counts once, else its amounts are added. Both is told."""
    rows: dict[str, AccountRow] = {}
    for row in content.accounts:
        known = rows.setdefault(row.id, row)
        if known is row:
            continue
        if (known.opening, known.closing) != (row.opening, row.closing):
            known.opening += row.opening
            known.closing = (known.closing or 0) + (row.closing or 0)
        content.remarks.often(
            "Accounts that stand twice in the file's chart: different balances were added together", row.id
        )
    content.accounts = list(rows.values())


def party(element: Element, kind: str, remarks: Remarks) -> PartyRow:
    """A customer or supplier. Before 1.30 its one balance stands in the element itself, without a structure of its own."""
    told = texts(element)
    info = child(element, "PartyInfo")
    details = texts(info) if info is not None else {}
    email, phone, website = reached_by(element)
    structures = list(children(element, "BalanceAccount")) or [element]
    return PartyRow(
        kind=kind,
        id=required(told, f"{kind.capitalize()}ID"),
        name=told.get("Name") or required(told, f"{kind.capitalize()}ID"),
        organisation_number=told.get("RegistrationNumber"),
        address=address(element),
        email=email,
        phone=phone,
        website=website,
        persons=persons(element),
        payment_days=_payment_days(info),
        currency=details.get("CurrencyCode"),
        is_archived=details.get("Status", "").lower() in _INACTIVE,
        is_person=details.get("Type", "").lower().startswith("priva"),
        balances=[row for one in structures if (row := _party_balance(one, remarks))],
    )


def _party_balance(element: Element, remarks: Remarks) -> PartyBalance | None:
    told = texts(element)
    opening, closing = balance(told, "Opening", remarks), balance(told, "Closing", remarks)
    if "AccountID" not in told and opening is None and closing is None:
        return None
    return PartyBalance(told.get("AccountID"), opening or 0, closing)


def _payment_days(info: Element | None) -> int | None:
    terms = child(info, "PaymentTerms") if info is not None else None
    told = texts(terms) if terms is not None else {}
    if "Days" not in told and "Months" not in told:
        return None
    return int(told.get("Days", "0")) + 30 * int(told.get("Months", "0"))


def vat_codes(element: Element, remarks: Remarks) -> list[VatRow]:
    """One entry's codes. Of several bases the first counts."""
    return [_vat_code(details, remarks) for details in children(element, "TaxCodeDetails")]


def _vat_code(details: Element, remarks: Remarks) -> VatRow:
    told = texts(details)
    code = required(told, "TaxCode")
    if sum(1 for _ in children(details, "BaseRate")) > 1:
        remarks.often("VAT codes with several base rates: the first counts", code)
    return VatRow(
        code=code,
        name=told.get("Description", ""),
        rate=amounts.rounded_hundredths(told["TaxPercentage"]) if "TaxPercentage" in told else None,
        standard=told.get("StandardTaxCode"),
        is_compensation=told.get("Compensation") in ("true", "1"),
        basis_ratio=amounts.rounded_hundredths(told.get("BaseRate", "100")),
        valid_from=amounts.optional_day(told.get("EffectiveDate")),
        valid_to=amounts.optional_day(told.get("ExpirationDate")),
    )


def dimension(element: Element) -> DimensionRow:
    told = texts(element)
    return DimensionRow(
        type=required(told, "AnalysisType"),
        id=required(told, "AnalysisID"),
        name=told.get("AnalysisIDDescription") or told["AnalysisID"],
        type_name=told.get("AnalysisTypeDescription", ""),
        start=amounts.optional_day(told.get("StartDate")),
        end=amounts.optional_day(told.get("EndDate")),
        is_active=told.get("Status", "").lower() not in _INACTIVE,
    )


def banks(elements: Iterable[Element]) -> list[BankRow]:
    """Account numbers as they stand there: a check digit that fails is no reason to refuse a file."""
    rows = []
    for element in elements:
        told = texts(element)
        number = told.get("BankAccountNumber") or told.get("IBANNumber")
        if number:
            rows.append(
                BankRow(
                    number=number,
                    bank=told.get("BankAccountName", ""),
                    account_id=told.get("GeneralLedgerAccountID"),
                    currency=told.get("CurrencyCode", "NOK"),
                    bic=told.get("BIC"),
                )
            )
    return rows


def persons(element: Element) -> list[PersonRow]:
    rows = []
    for contact in children(element, "Contact"):
        person = child(contact, "ContactPerson")
        told, reached = texts(contact), texts(person) if person is not None else {}
        first_name, last_name = reached.get("FirstName", ""), reached.get("LastName", "")
        if first_name or last_name:
            titles = [
                one.text or ""
                for one in (() if person is None else person)
                if str(one.tag).endswith(("Title", "Titles"))
            ]
            rows.append(
                PersonRow(
                    first_name=first_name,
                    last_name=" ".join(filter(None, (reached.get("LastNamePrefix"), last_name))),
                    title=", ".join(titles) or None,
                    email=told.get("Email"),
                    phone=told.get("MobilePhone") or told.get("Telephone"),
                )
            )
    return rows


def reached_by(element: Element) -> tuple[str | None, str | None, str | None]:
    """E-mail, telephone and web site of the first contact."""
    contact = child(element, "Contact")
    return text(contact, "Email"), text(contact, "Telephone") or text(contact, "MobilePhone"), text(contact, "Website")


def address(element: Element) -> Address:
    """The postal address if there is one, else the first."""
    found = list(children(element, "Address"))
    if not found:
        return Address()
    told = texts(next((one for one in found if text(one, "AddressType") == "PostalAddress"), found[0]))
    country = told.get("Country", "NO")
    return Address(
        line1=" ".join(filter(None, (told.get("StreetName"), told.get("Number")))) or None,
        line2=told.get("AdditionalAddressDetail"),
        zip_code=told.get("PostalCode"),
        city=told.get("City"),
        country=country if len(country) == 2 else "NO",
    )


def balance(told: dict[str, str], which: str, remarks: Remarks) -> int | None:
    """Opening or Closing balance, øre, debit positive; None where none is given."""
    debit, credit = told.get(f"{which}DebitBalance"), told.get(f"{which}CreditBalance")
    if debit is None and credit is None:
        return None
    return amounts.hundredths(debit or "0", finer=remarks.finer) - amounts.hundredths(
        credit or "0", finer=remarks.finer
    )


def required(told: dict[str, str], name: str) -> str:
    """A text that must be there. Raises ValueError."""
    if name not in told:
        raise ValueError(f"{name} is missing")
    return told[name]
