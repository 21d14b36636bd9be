"""The chart of accounts, VAT codes and the trial balance at any date (contract 6.1.2, 7.2-7.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tieout.simulator.books.model import Account, VatCode
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, always, none_of
from tieout.simulator.poweroffice.api.parameters import (
    Test,
    boolean,
    changed_after,
    codes,
    day,
    excluding,
    flag,
    numbers,
    plain,
    projects,
)
from tieout.simulator.poweroffice.api.properties import (
    CHANGED,
    DEPARTMENT,
    NO_FARM,
    ORDINARY_VAT,
    PRODUCT,
    PROJECT,
    share,
    single,
)
from tieout.simulator.poweroffice.api.view import View


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One account of the trial balance; øre, debit positive."""

    account: Account
    balance: int


# A code that filters postings before they are added up, not lines: (parameter of the query, filter of postings).
_POSTING_FILTERS = (
    codes("departmentCodes", DEPARTMENT["DepartmentCode"]),
    codes("productCode", PRODUCT["ProductCode"]),
    projects("projectCode", PROJECT["ProjectCode"], children="includeSubProject"),
)


def trial_balance(view: View) -> Iterable[BalanceLine]:
    """All accounts with their balances at `date`, zeros too; result accounts since the fiscal year began."""
    books, on = view.books, view.given["date"]
    year_start = books.fiscal_year_start(on) if view.options.result_restarts else date.min
    tests = _tests(view)
    sums: defaultdict[int, int] = defaultdict(int)
    for posting in view.seen(books.postings.values()):
        counts = posting.date >= year_start or not books.is_result(posting.account_no)
        if counts and posting.date <= on and all(test(posting) for test in tests):
            sums[posting.account_no] += posting.amount
    return [BalanceLine(account, sums[no]) for no, account in sorted(books.accounts.items())]


def _tests(view: View) -> list[Test]:
    asked = [one for one in _POSTING_FILTERS if one.name in view.given and one.keep]
    tests = [one.keep(view.given[one.name], view) for one in asked if one.keep]
    return [test for test in tests if test is not None]


BALANCE_COLUMNS: Columns = {
    "AccountId": lambda line, view: line.account.id,
    "AccountName": lambda line, view: line.account.name,
    "AccountNo": lambda line, view: line.account.no,
    "AgricultureDepartment": NO_FARM,
    "Balance": lambda line, view: line.balance / 100,
}

ACCOUNT_COLUMNS: Columns = {
    "AccountNo": lambda account, view: account.no,
    "AgricultureDepartment": NO_FARM,
    "CurrencyCode": lambda account, view: account.currency,
    "GeneralLedgerAccountType": lambda account, view: account.type,
    "Id": lambda account, view: account.id,
    "IsActive": lambda account, view: account.is_active,
    "IsDepartmentRequired": lambda account, view: account.is_department_required,
    "IsProjectRequired": lambda account, view: account.is_project_required,
    "IsVatCodeLocked": always(False),
    **CHANGED,
    "Name": lambda account, view: account.name,
    "VatCode": lambda account, view: account.vat_code,
    "VatCodeId": lambda account, view: view.vat_id(account.vat_code),
    "VatReturnSpecification": ORDINARY_VAT,
    **none_of("DepartmentCode", "DepartmentId", "Unit1", "Unit2"),
}


def _is_custom(vat: VatCode, _view: View) -> bool:
    return vat.code.startswith("C")


def _is_hidden(vat: VatCode, view: View) -> bool:
    """Expired codes are left out unless asked for (contract 9.3)."""
    return vat.valid_to is not None and vat.valid_to < view.today and not view.given.get("includeExpired", False)


VAT_COLUMNS: Columns = {
    "BaseVatCodeId": lambda vat, view: view.vat_id(vat.base_code),
    "Code": lambda vat, view: vat.code,
    "Description": lambda vat, view: vat.name,
    "Id": lambda vat, view: vat.id,
    "IsActive": lambda vat, view: vat.is_active,
    "IsCustom": _is_custom,
    "Name": lambda vat, view: vat.name,
    "Rate": lambda vat, view: share(vat.rate),
    "ValidFrom": lambda vat, view: vat.valid_from,
    "ValidTo": lambda vat, view: vat.valid_to,
    "VatBasisRatio": lambda vat, view: share(vat.basis_ratio),
    "VatBasisRatios": lambda vat, view: [
        {"VatBasisRatio": share(vat.basis_ratio), "VatBasisRatioValidFrom": vat.valid_from}
    ],
    **none_of("VatBasisRatioValidFrom"),
}

GENERAL_LEDGER_ACCOUNTS = Endpoint(
    path="/GeneralLedgerAccounts",
    schema="GeneralLedgerAccountDto",
    privileges=("GeneralLedgerAccount",),
    rows=lambda view: view.books.accounts.values(),
    columns=ACCOUNT_COLUMNS,
    parameters=(
        numbers("accountNos", ACCOUNT_COLUMNS["AccountNo"]),
        changed_after("lastChangedDateTimeOffsetGreaterThan", ACCOUNT_COLUMNS["LastChangedDateTimeOffset"]),
    ),
    not_simulated=("agricultureDepartments",),
)

ENDPOINTS = (
    GENERAL_LEDGER_ACCOUNTS,
    single(GENERAL_LEDGER_ACCOUNTS),
    Endpoint(
        path="/TrialBalance",
        schema="TrialBalanceLineDto",
        privileges=("TrialBalance",),
        rows=trial_balance,
        columns=BALANCE_COLUMNS,
        parameters=(
            plain("date", day, required=True),
            numbers("accountNos", BALANCE_COLUMNS["AccountNo"]),
            excluding("hideAccountsWithZeroBalance", lambda line, view: line.balance == 0),
            *(plain(one.name, one.parse) for one in _POSTING_FILTERS),
            plain("includeSubProject", boolean),
        ),
        not_simulated=("agricultureDepartments",),
    ),
    Endpoint(
        path="/VatCodes",
        schema="VatCodeDto",
        privileges=("CommonServices",),
        rows=lambda view: [vat for vat in view.books.vat_codes.values() if not _is_hidden(vat, view)],
        columns=VAT_COLUMNS,
        parameters=(plain("includeExpired", boolean), flag("isActive", VAT_COLUMNS["IsActive"])),
    ),
)
