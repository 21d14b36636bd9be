-- Projects with what a sub-project inherits from those above it: customer, department, manager.
--
-- parent_project_id: the project it is a part of
-- main_project_id: the topmost project above it; itself where there is none
-- main_project: label of that
-- level: 1 for a main project, 2 for its parts, and so on
-- path: labels from the main project down
-- customer_no: its customer, or the nearest above it that has one
-- department_id: its department, or the nearest above it that has one
-- manager_employee_no: its manager, or the nearest above it that has one
-- project_status: as the source calls it, lower case
-- progress_percent: 0 to 100
-- fixed_price: agreed price, company's currency
with recursive tree as (
    select
        *,
        concat_ws(' ', project_code, project_name) as project,
        project_id as main_project_id,
        concat_ws(' ', project_code, project_name) as main_project,
        1 as level,
        concat_ws(' ', project_code, project_name) as path
    from staging.projects as top
    where parent_project_id is null or not exists (
        select 1 from staging.projects as up
        where up.company_id = top.company_id and up.project_id = top.parent_project_id
    )
    union all
    select
        below.* replace (
            coalesce(below.customer_no, above.customer_no) as customer_no,
            coalesce(below.department_id, above.department_id) as department_id,
            coalesce(below.manager_employee_no, above.manager_employee_no) as manager_employee_no
        ),
        concat_ws(' ', below.project_code, below.project_name) as project,
        above.main_project_id,
        above.main_project,
        above.level + 1 as level,
        above.path || ' / ' || concat_ws(' ', below.project_code, below.project_name) as path
    from tree as above
    join staging.projects as below
        on below.company_id = above.company_id and below.parent_project_id = above.project_id and above.level < 20
)
select
    company_id,
    project_id,
    project_code,
    project_name,
    project,
    parent_project_id,
    main_project_id,
    main_project,
    level,
    path,
    customer_no,
    department_id,
    manager_employee_no,
    project_status,
    is_internal,
    is_billable,
    is_active,
    start_date,
    end_date,
    progress_percent,
    fixed_price,
    budgeted_revenue,
    budgeted_cost_of_goods,
    budgeted_payroll_expenses,
    budgeted_other_expenses,
    budgeted_hours
from tree
