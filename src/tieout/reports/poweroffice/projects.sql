-- The projects as the source has them: what a sub-project inherits is empty. Raw row: projects by project_id.
select
    _source_id as company_id,
    id as project_id,
    code as project_code,
    name as project_name,
    parent_project_id,
    customer_no,
    department_id,
    project_manager_employee_no as manager_employee_no,
    lower(project_status) as project_status,
    coalesce(is_internal, false) as is_internal,
    coalesce(is_billable, true) as is_billable,
    coalesce(is_active, true) as is_active,
    start_date,
    end_date,
    progress as progress_percent,
    fixed_price,
    budgeted_total_revenue as budgeted_revenue,
    budgeted_cost_of_goods,
    budgeted_payroll_expenses,
    budgeted_other_operating_expenses as budgeted_other_expenses,
    budgeted_hours
from raw_poweroffice.projects
