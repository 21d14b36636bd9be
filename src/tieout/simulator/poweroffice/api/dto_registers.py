"""Dimensions, products and settings as the vendor shows them (contract 7.11-7.14, 7.17, 7.18)."""

from __future__ import annotations

from datetime import date

from tieout.simulator.books.model import Books, Dimension, Product, ProductGroup, Project
from tieout.simulator.poweroffice.api.dto_shared import Row, address, code_of, employee_no, number_of
from tieout.simulator.poweroffice.api.wire import day, money, rate, stamp

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CURRENCIES = {"NOK": "kr", "EUR": "€", "SEK": "kr", "DKK": "kr", "USD": "$", "GBP": "£"}
ONE = 1_000_000  # millionths


def _stamps(record: Dimension | Project | Product | ProductGroup) -> Row:
    return {
        "Id": record.id,
        "CreatedDateTimeOffset": stamp(record.created, record.id),
        "LastChangedDateTimeOffset": stamp(record.changed, record.id),
    }


def department(books: Books, record: Dimension) -> Row:
    manager = {"ManagerEmployeeId": record.manager_id, "ManagerEmployeeNo": employee_no(books, record.manager_id)}
    return {**location(books, record), "CreatedFromImportJournalId": None, **manager}


def location(_books: Books, record: Dimension) -> Row:
    return {**_stamps(record), "Code": record.code, "IsActive": record.is_active, "Name": record.name}


def custom_dimension(books: Books, record: Dimension) -> Row:
    unused = {"CreatedFromImportJournalId": None, "ExternalImportReference": None}
    return {**location(books, record), **unused, "Ordinal": record.ordinal}


def custom_dimension_settings(books: Books) -> list[Row]:
    names = books.profile.dimension_names
    return [{"Ordinal": ordinal, "Name": name, "IsActive": name is not None} for ordinal, name in enumerate(names, 1)]


def project(books: Books, record: Project) -> Row:
    parent = books.projects.get(record.parent_id or 0)
    term = books.delivery_terms.get(record.delivery_term_id or 0)
    return {
        **_stamps(record),
        "AllowAllActivities": True,
        "AllowAllEmployees": True,
        "AttachExpenseVouchersWhenBilling": False,
        "BillableRate": money(record.billable_rate),
        "BillableRateSpecification": "Project" if record.billable_rate else "Employee",
        "BrandingThemeCode": code_of(books.branding_themes, record.branding_theme_id),
        "BrandingThemeId": record.branding_theme_id,
        "BudgetedBillableRate": money(record.budgeted_billable_rate),
        "BudgetedCostOfGoods": money(record.budgeted_goods),
        "BudgetedHours": record.budgeted_hours,
        "BudgetedOtherOperatingExpenses": money(record.budgeted_other),
        "BudgetedPayrollExpenses": money(record.budgeted_payroll),
        "BudgetedRevenueHours": record.budgeted_hours,
        "BudgetedTotalRevenue": money(record.budgeted_revenue),
        "Code": record.code,
        "ContactPersonId": record.contact_person_id,
        "ContractNo": record.contract_no,
        "CreatedFromImportJournalId": None,
        "CustomerId": record.customer_id,
        "CustomerNo": number_of(books.contacts.get(record.customer_id or 0), "customer"),
        "DeliveryTerm": term.name if term else None,
        "DeliveryTermId": record.delivery_term_id,
        "DenyTimeTracking": False,
        "DepartmentCode": code_of(books.departments, record.department_id),
        "DepartmentId": record.department_id,
        "EndDate": day(record.end),
        "ExpenseMarkupDescription": None,
        "ExpenseMarkupEnabled": False,
        "ExpenseMarkupFactor": None,
        "ExternalNumber": record.external_no,
        "FixedPrice": money(record.fixed_price),
        "HourlyRateMarkupDescription": None,
        "HourlyRateMarkupEnabled": False,
        "HourlyRateMarkupFactor": None,
        "IsActive": record.is_active,
        "IsBillable": record.is_billable,
        "IsInternal": record.is_internal,
        "LocationCode": code_of(books.locations, record.location_id),
        "LocationId": record.location_id,
        "Name": record.name,
        "ParentProjectCode": parent.code if parent else None,
        "ParentProjectId": record.parent_id,
        "PaymentTermId": next((t.id for t in books.payment_terms.values() if t.days == record.payment_days), None),
        "PaymentTerms": record.payment_days,
        "Progress": record.progress,
        "ProjectBillingMethod": record.billing_method,
        "ProjectManagerEmployeeId": record.manager_id,
        "ProjectManagerEmployeeNo": employee_no(books, record.manager_id),
        "ProjectStatus": record.status,
        "PurchaseOrderNo": record.purchase_order,
        "StartDate": day(record.start),
    }


def _priced(books: Books, record: Product | ProductGroup) -> Row:
    return {
        **_stamps(record),
        "Code": record.code,
        "CreatedFromImportJournalId": None,
        "Description": record.description,
        "IsArchived": record.is_archived,
        "Name": record.name,
        "OptionalSalesAccount": record.vat_free_sales_account,
        "OptionalSalesAccountAgricultureDepartment": None,
        "OptionalSalesAccountId": _account_id(books, record.vat_free_sales_account),
        "ProductType": record.type,
        "StandardSalesAccount": record.sales_account,
        "StandardSalesAccountAgricultureDepartment": None,
        "StandardSalesAccountId": _account_id(books, record.sales_account),
        "UnitCost": money(record.unit_cost),
        "UnitOfMeasureCode": record.unit,
        "UnitPrice": money(record.unit_price),
    }


def _account_id(books: Books, no: int | None) -> int | None:
    account = books.accounts.get(no) if no else None
    return account.id if account else None


product_group = _priced


def product(books: Books, record: Product) -> Row:
    return {
        **_priced(books, record),
        "Gtin": record.gtin,
        "IsStockItem": record.is_stock_item,
        "ProductGroupCode": code_of(books.product_groups, record.group_id),
        "ProductGroupId": record.group_id,
        "StockAvailable": record.stock_on_hand,
        "StockOnHand": record.stock_on_hand,
        "StockOnHandLastChangedDatetimeOffset": stamp(record.stock_changed, record.id),
    }


def organization_settings(books: Books) -> Row:
    profile = books.profile
    return {
        "Id": profile.client_id,
        "DefaultAgricultureDepartment": None,
        "DeliveryAddress": address(profile.address),
        "EmailAddress": profile.email,
        "InvoiceInboxEhf": True,
        "InvoiceInboxEmail": profile.email is not None,
        "InvoiceInboxEmailAddress": profile.email,
        "IsAgricultureClient": False,
        "LastChangedDateTimeOffset": _settings_stamp(books),
        "LegalName": profile.name,
        "MailAddress": address(profile.address),
        "MailAddressIsDeliveryAddress": True,
        "Name": profile.name,
        "OrganizationNumber": profile.organisation_number,
        "PhoneNumber": profile.phone,
        "WebsiteUrl": profile.website,
    }


def financial_settings(books: Books) -> Row:
    profile = books.profile
    return {
        "ConversionDate": day(profile.conversion_date),
        "CurrencyCode": "NOK",
        "CurrencyGainsAccountId": _account_id(books, profile.currency_gains_account_no) or 0,
        "CurrencyGainsAccountNo": profile.currency_gains_account_no or 0,
        "CurrencyLossAccountId": _account_id(books, profile.currency_losses_account_no) or 0,
        "CurrencyLossAccountNo": profile.currency_losses_account_no or 0,
        "FinancialYearEndMonth": MONTHS[profile.year_end_month - 1],
        "LastChangedDateTimeOffset": _settings_stamp(books),
        "UseTrustAccountManagement": False,
    }


def vat_settings(books: Books) -> Row:
    profile = books.profile
    return {
        "AlternativeVatPeriod": None,
        "AlternativeVatReturnFromYear": None,
        "AlternativeVatReturnType": None,
        "IsVatRegistered": profile.is_vat_registered,
        "ReportAlternativeVatReturn": False,
        "ReportVatReturnManually": False,
        "RoundingAccountAgricultureDepartment": None,
        "RoundingAccountId": _account_id(books, profile.rounding_account_no),
        "RoundingAccountNo": profile.rounding_account_no,
        "UseVatCompensation": False,
        "VatAlternativeGrouping": None,
        "VatNumber": f"NO{profile.organisation_number}MVA" if profile.is_vat_registered else None,
        "VatPeriod": profile.vat_period,
        "VatReturnType": "GeneralIndustry" if profile.is_vat_registered else "NoReporting",
    }


def lock_date_settings(books: Books) -> Row:
    return {"LockDate": day(books.profile.lock_date or date(books.profile.conversion_date.year - 1, 12, 31))}


def currencies(books: Books) -> list[Row]:
    used = {currency for currency, _ in books.rates} | set(CURRENCIES)
    return [{"Code": code, "IsActive": True, "Notation": CURRENCIES.get(code, code)} for code in sorted(used)]


def currency_rate(books: Books, source: str, target: str, on: date) -> Row | None:
    """The newest rate on or before a day, one unit of `source` in `target`; None where there is none."""
    here, there = _newest(books, source, on), _newest(books, target, on)
    if here is None or there is None:
        return None
    foreign_days = [when for currency, (_, when) in ((source, here), (target, there)) if currency != "NOK"]
    return {
        "CurrencyCode": source,
        "ExchangeBase": 1,
        "ExchangeRate": rate(here[0] * ONE // there[0]),
        "RateDate": day(max(foreign_days, default=on)),
        "ReverseExchangeRate": rate(there[0] * ONE // here[0]),
    }


def _newest(books: Books, currency: str, on: date) -> tuple[int, date] | None:
    if currency == "NOK":
        return ONE, on
    days = [when for code, when in books.rates if code == currency and when <= on]
    return (books.rates[currency, max(days)], max(days)) if days else None


def _settings_stamp(books: Books) -> str | None:
    changed = books.profile.settings_changed
    return stamp(changed) if changed else f"{day(books.profile.conversion_date)}T00:00:00.0000000+00:00"
