"""The company's settings and short lists, and what the token may do (contract 6.8, 7.17, 7.18)."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from tieout.simulator.books.model import Profile
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, Rows, Shape, always, none_of
from tieout.simulator.poweroffice.api.parameters import changed_after, flag, numbers, words
from tieout.simulator.poweroffice.api.properties import NO_FARM, STAMPS, address, single
from tieout.simulator.poweroffice.api.view import View

_ROLES = {"GeneralManager": "GeneralManager", "Chairman": "ChairmanOfTheBoard", "BoardMember": "BoardMember"}


def _profile(view: View) -> Iterable[Profile]:
    return [view.books.profile]


def _changed(profile: Profile, view: View) -> Any:
    return profile.settings_changed or view.books.now


def _gain_or_loss(name: str, fallback: int) -> Callable[[Profile, View], int]:
    """The account for gains or losses on currency; the vendor's is never missing."""

    def get(profile: Profile, view: View) -> int:
        told: int | None = getattr(profile, name)
        return told if told is not None else fallback

    return get


_GAINS, _LOSSES = _gain_or_loss("currency_gains_account_no", 8060), _gain_or_loss("currency_losses_account_no", 8160)

INFORMATION: Columns = {
    "ActiveClientSubscriptions": lambda profile, view: view.subscriptions,
    "ClientId": lambda profile, view: str(profile.client_id),
    "ClientName": lambda profile, view: profile.name,
    "InvalidPrivileges": lambda profile, view: view.privileges[1],
    "ValidPrivileges": lambda profile, view: view.privileges[0],
}
ORGANIZATION: Columns = {
    "DefaultAgricultureDepartment": NO_FARM,
    "DeliveryAddress": lambda profile, view: address(profile.address),
    "EmailAddress": lambda profile, view: profile.email,
    "Id": lambda profile, view: profile.client_id,
    "InvoiceInboxEhf": always(True),
    "InvoiceInboxEmail": lambda profile, view: profile.email is not None,
    "InvoiceInboxEmailAddress": lambda profile, view: profile.email,
    "IsAgricultureClient": always(False),
    "LastChangedDateTimeOffset": _changed,
    "LegalName": lambda profile, view: profile.name,
    "MailAddress": lambda profile, view: address(profile.address),
    "MailAddressIsDeliveryAddress": always(True),
    "Name": lambda profile, view: profile.name,
    "OrganizationNumber": lambda profile, view: profile.organisation_number,
    "PhoneNumber": lambda profile, view: profile.phone,
    "WebsiteUrl": lambda profile, view: profile.website,
}
FINANCIAL: Columns = {
    "ConversionDate": lambda profile, view: profile.conversion_date,
    "CurrencyCode": always("NOK"),
    "CurrencyGainsAccountId": lambda profile, view: view.account_id(_GAINS(profile, view)) or 0,
    "CurrencyGainsAccountNo": _GAINS,
    "CurrencyLossAccountId": lambda profile, view: view.account_id(_LOSSES(profile, view)) or 0,
    "CurrencyLossAccountNo": _LOSSES,
    "FinancialYearEndMonth": lambda profile, view: calendar.month_name[profile.year_end_month],
    "LastChangedDateTimeOffset": _changed,
    "UseTrustAccountManagement": always(False),
}
VAT: Columns = {
    "IsVatRegistered": lambda profile, view: profile.is_vat_registered,
    "ReportAlternativeVatReturn": always(False),
    "ReportVatReturnManually": always(False),
    "RoundingAccountAgricultureDepartment": NO_FARM,
    "RoundingAccountId": lambda profile, view: view.account_id(profile.rounding_account_no),
    "RoundingAccountNo": lambda profile, view: profile.rounding_account_no,
    "UseVatCompensation": always(False),
    "VatNumber": lambda profile, view: profile.organisation_number,
    "VatPeriod": lambda profile, view: profile.vat_period,
    "VatReturnType": lambda profile, view: "GeneralIndustry" if profile.is_vat_registered else "NoReporting",
    **none_of(
        "AlternativeVatPeriod", "AlternativeVatReturnFromYear", "AlternativeVatReturnType", "VatAlternativeGrouping"
    ),
}
LOCK_DATE: Columns = {
    "LockDate": lambda profile, view: profile.lock_date or profile.conversion_date - timedelta(days=1),
}
SERIES: Columns = {
    "FromInclusive": lambda series, view: series.first,
    "GeneralLedgerAccountId": lambda series, view: view.account_id(series.account_no) or 0,
    "GeneralLedgerAccountNo": lambda series, view: series.account_no,
    "Id": lambda series, view: series.id,
    "IsClientTrust": always(False),
    "IsDefault": lambda series, view: series.is_default,
    "Name": lambda series, view: series.name,
    "SubLedgerNumberSeriesType": lambda series, view: series.kind,
    "ToInclusive": lambda series, view: series.last,
}
_NAMED: Columns = {
    **STAMPS,
    "Id": lambda row, view: row.id,
    "IsDefault": lambda row, view: row.is_default,
    "Name": lambda row, view: row.name,
}
PAYMENT_TERM: Columns = {
    **_NAMED,
    "CreditDays": lambda row, view: row.days,
    "IsActive": lambda row, view: row.is_active,
}
BRANDING_THEME: Columns = {
    **_NAMED,
    "Code": lambda row, view: row.code,
    "LanguageCode": lambda row, view: "en" if row.code == "ENG" else "no",
}
CLIENT_CONTACT: Columns = {
    "Email": lambda contact, view: contact.email,
    "FirstName": lambda contact, view: contact.name.rpartition(" ")[0] or contact.name,
    "Id": lambda contact, view: contact.id,
    "LastName": lambda contact, view: contact.name.rpartition(" ")[2],
    "Phone": lambda contact, view: contact.phone,
    "Role": lambda contact, view: _ROLES.get(contact.role, "Other"),
    **none_of("YearOfBirth"),
}
BANK_ACCOUNT: Columns = {
    **STAMPS,
    "ActiveIncomingPaymentService": lambda account, view: account.is_primary,
    "ActiveOutgoingPaymentServices": lambda account, view: account.is_primary,
    "AgricultureDepartment": NO_FARM,
    "AllowOverdraft": always(False),
    "BankAccountNumber": lambda account, view: account.number,
    "BankName": lambda account, view: account.bank,
    "BicSwift": lambda account, view: account.bic or "NOTKNOWN",
    "CountryCode": always("NO"),
    "CurrencyCode": lambda account, view: account.currency,
    "GeneralLedgerAccountId": lambda account, view: view.account_id(account.account_no) or 0,
    "GeneralLedgerAccountNo": lambda account, view: account.account_no,
    "Id": lambda account, view: account.id,
    "IsActive": always(True),
    "IsClientTrustAccount": always(False),
    "IsPrimaryAccount": lambda account, view: account.is_primary,
    **none_of("OverdraftLimit"),
}


def _object(path: str, schema: str, columns: Columns) -> Endpoint:
    """Settings: one object, no parameters."""
    return Endpoint(
        path=path,
        schema=schema,
        privileges=("CommonServices",),
        rows=_profile,
        columns=columns,
        shape=Shape.OBJECT,
    )


def _list(path: str, schema: str, rows: Rows, columns: Columns, privilege: str = "CommonServices") -> Endpoint:
    return Endpoint(path=path, schema=schema, privileges=(privilege,), rows=rows, columns=columns)


PAYMENT_TERMS = _list("/PaymentTerms", "PaymentTermDto", lambda view: view.books.payment_terms.values(), PAYMENT_TERM)
DELIVERY_TERMS = _list("/DeliveryTerms", "DeliveryTermDto", lambda view: view.books.delivery_terms.values(), _NAMED)
THEMES = _list("/BrandingThemes", "BrandingThemeDto", lambda view: view.books.branding_themes.values(), BRANDING_THEME)
NUMBER_SERIES = Endpoint(
    path="/SubLedgerNumberSeries",
    schema="SubLedgerNumberSeriesDto",
    privileges=("CommonServices",),
    rows=lambda view: view.books.series,
    columns=SERIES,
    parameters=(
        numbers("generalLedgerAccountNos", SERIES["GeneralLedgerAccountNo"]),
        flag("isDefault", SERIES["IsDefault"]),
        words("subLedgerNumberSeriesType", SERIES["SubLedgerNumberSeriesType"]),
    ),
)
BANK_ACCOUNTS = Endpoint(
    path="/ClientBankAccounts",
    schema="ClientBankAccountDto",
    privileges=("ClientBankAccount",),
    rows=lambda view: view.books.bank_accounts.values(),
    columns=BANK_ACCOUNT,
    parameters=(
        words("bankAccountNumbers", BANK_ACCOUNT["BankAccountNumber"]),
        changed_after("createdDateTimeOffsetGreaterThan", STAMPS["CreatedDateTimeOffset"]),
        changed_after("lastChangedDateTimeOffsetGreaterThan", STAMPS["LastChangedDateTimeOffset"]),
    ),
)

ENDPOINTS = (
    Endpoint(
        path="/ClientIntegrationInformation",
        schema="ClientIntegrationInformationDto",
        privileges=(),  # any valid token
        rows=_profile,
        columns=INFORMATION,
        shape=Shape.OBJECT,
    ),
    _object("/OrganizationSettings", "OrganizationSettingDto", ORGANIZATION),
    _object("/FinancialSettings", "FinancialSettingsDto", FINANCIAL),
    _object("/VatSettings", "VatSettingsDto", VAT),
    _object("/LockDateSettings", "LockDateSettingsDto", LOCK_DATE),
    NUMBER_SERIES,
    single(NUMBER_SERIES),
    PAYMENT_TERMS,
    single(PAYMENT_TERMS),
    DELIVERY_TERMS,
    single(DELIVERY_TERMS),
    THEMES,
    single(THEMES),
    BANK_ACCOUNTS,
    single(BANK_ACCOUNTS),
    _list("/ClientContacts", "ClientContactDto", lambda view: view.books.client_contacts.values(), CLIENT_CONTACT),
)
