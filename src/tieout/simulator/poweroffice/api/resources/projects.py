"""Projects and sub-projects, which keep null where they inherit (contract 6.6, 7.11)."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.simulator.books.model import Project
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, always, none_of
from tieout.simulator.poweroffice.api.parameters import (
    boolean,
    changed_after,
    codes,
    enum,
    excluding,
    numbers,
    part_of,
    plain,
    projects,
)
from tieout.simulator.poweroffice.api.properties import STAMPS, amount, single
from tieout.simulator.poweroffice.api.view import View

_BILLING = ("FixedPrice", "Time", "TimeAndExpenses")
_STATUS = ("Tentative", "Active", "Archived", "NotStarted", "Complete")

COLUMNS: Columns = {
    "AllowAllActivities": always(True),
    "AllowAllEmployees": always(True),
    "AttachExpenseVouchersWhenBilling": always(False),
    "BillableRate": lambda project, view: amount(project.billable_rate),
    "BillableRateSpecification": lambda project, view: "Project" if project.billable_rate else "Employee",
    "BrandingThemeCode": lambda project, view: view.code(view.books.branding_themes, project.branding_theme_id),
    "BrandingThemeId": lambda project, view: project.branding_theme_id,
    "BudgetedBillableRate": lambda project, view: amount(project.budgeted_billable_rate),
    "BudgetedCostOfGoods": lambda project, view: amount(project.budgeted_goods),
    "BudgetedHours": lambda project, view: project.budgeted_hours,
    "BudgetedOtherOperatingExpenses": lambda project, view: amount(project.budgeted_other),
    "BudgetedPayrollExpenses": lambda project, view: amount(project.budgeted_payroll),
    "BudgetedTotalRevenue": lambda project, view: amount(project.budgeted_revenue),
    "Code": lambda project, view: project.code,
    "ContactPersonId": lambda project, view: project.contact_person_id,
    "ContractNo": lambda project, view: project.contract_no,
    **STAMPS,
    "CustomerId": lambda project, view: project.customer_id,
    "CustomerNo": lambda project, view: view.customer_no(project.customer_id),
    "DeliveryTerm": lambda project, view: view.name(view.books.delivery_terms, project.delivery_term_id),
    "DeliveryTermId": lambda project, view: project.delivery_term_id,
    "DenyTimeTracking": always(False),
    "DepartmentCode": lambda project, view: view.code(view.books.departments, project.department_id),
    "DepartmentId": lambda project, view: project.department_id,
    "EndDate": lambda project, view: project.end,
    "ExpenseMarkupEnabled": always(False),
    "ExternalNumber": lambda project, view: project.external_no,
    "FixedPrice": lambda project, view: amount(project.fixed_price),
    "HourlyRateMarkupEnabled": always(False),
    "Id": lambda project, view: project.id,
    "IsActive": lambda project, view: project.is_active,
    "IsBillable": lambda project, view: project.is_billable,
    "IsInternal": lambda project, view: project.is_internal,
    "LocationCode": lambda project, view: view.code(view.books.locations, project.location_id),
    "LocationId": lambda project, view: project.location_id,
    "Name": lambda project, view: project.name,
    "ParentProjectCode": lambda project, view: view.code(view.books.projects, project.parent_id),
    "ParentProjectId": lambda project, view: project.parent_id,
    "PaymentTermId": lambda project, view: view.payment_terms.get(project.payment_days),
    "PaymentTerms": lambda project, view: project.payment_days,
    "Progress": lambda project, view: project.progress,
    "ProjectBillingMethod": lambda project, view: project.billing_method,
    "ProjectManagerEmployeeId": lambda project, view: project.manager_id,
    "ProjectManagerEmployeeNo": lambda project, view: view.employee_no(project.manager_id),
    "ProjectStatus": lambda project, view: project.status,
    "PurchaseOrderNo": lambda project, view: project.purchase_order,
    "StartDate": lambda project, view: project.start,
    **none_of(
        "BudgetedRevenueHours",
        "CreatedFromImportJournalId",
        "ExpenseMarkupDescription",
        "ExpenseMarkupFactor",
        "HourlyRateMarkupDescription",
        "HourlyRateMarkupFactor",
    ),
}


def _rows(view: View) -> Iterable[Project]:
    return view.books.projects.values()


PROJECTS = Endpoint(
    path="/Projects",
    schema="ProjectDto",
    privileges=("Project",),
    rows=_rows,
    columns=COLUMNS,
    parameters=(
        changed_after("createdDateTimeOffsetGreaterThan", COLUMNS["CreatedDateTimeOffset"]),
        changed_after("lastChangedDateTimeOffsetGreaterThan", COLUMNS["LastChangedDateTimeOffset"]),
        projects("projectCodes", COLUMNS["Code"], children="includeSubProjects"),
        plain("includeSubProjects", boolean),
        numbers("customerNos", COLUMNS["CustomerNo"]),
        codes("departmentCodes", COLUMNS["DepartmentCode"]),
        numbers("projectManagerEmployeeNos", COLUMNS["ProjectManagerEmployeeNo"]),
        excluding("excludeArchivedProject", lambda project, view: project.status == "Archived"),
        part_of("name", COLUMNS["Name"]),
        enum("status", _STATUS, COLUMNS["ProjectStatus"]),
        enum("projectBillingMethod", _BILLING, COLUMNS["ProjectBillingMethod"]),
    ),
)

ENDPOINTS = (PROJECTS, single(PROJECTS))
