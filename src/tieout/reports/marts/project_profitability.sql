-- What each project earned and cost, all years so far and by fiscal year, with its budget. Report sign: income and costs
-- positive; the result is income less all costs. Sub-projects have rows of their own; add up by main_project.
-- A row leads to core.postings of the same company_id, project_id and fiscal_year.
--
-- project: code and name
-- main_project: label of the topmost project above it
-- revenue: sales and other operating income
-- cost_of_goods: cost of goods
-- payroll_expenses: payroll expenses
-- other_expenses: all other expenses, less financial income
-- result: revenue less all costs
-- result_share: result as a share of revenue, 0 to 1; null without revenue
-- budgeted_result: budgeted revenue less budgeted costs, where the project has a budget; of the whole project, not the year
with sums as (
    select
        p.company_id,
        p.project_id,
        p.fiscal_year,
        max(p.project_code) as project_code,
        -sum(p.amount) filter (a.line in ('sales_revenue', 'other_operating_income')) as revenue,
        sum(p.amount) filter (a.line = 'cost_of_goods') as cost_of_goods,
        sum(p.amount) filter (a.line = 'payroll_expenses') as payroll_expenses,
        sum(p.amount) filter (
            a.line not in ('sales_revenue', 'other_operating_income', 'cost_of_goods', 'payroll_expenses', 'appropriations')
        ) as other_expenses,
        min(p.posting_date) as first_posting_date,
        max(p.posting_date) as last_posting_date
    from core.postings as p
    join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
    where p.project_id is not null and a.is_result_account
    group by p.company_id, p.project_id, p.fiscal_year
),
filled as (
    select
        * replace (
            coalesce(revenue, 0) as revenue,
            coalesce(cost_of_goods, 0) as cost_of_goods,
            coalesce(payroll_expenses, 0) as payroll_expenses,
            coalesce(other_expenses, 0) as other_expenses
        ),
        coalesce(revenue, 0) - coalesce(cost_of_goods, 0) - coalesce(payroll_expenses, 0) - coalesce(other_expenses, 0)
            as result
    from sums
)
select
    s.company_id,
    c.company,
    s.fiscal_year,
    s.project_id,
    coalesce(p.project, s.project_code) as project,
    coalesce(p.main_project, s.project_code) as main_project,
    cu.customer,
    de.department,
    p.project_status,
    s.revenue::decimal(18, 4) as revenue,
    s.cost_of_goods::decimal(18, 4) as cost_of_goods,
    s.payroll_expenses::decimal(18, 4) as payroll_expenses,
    s.other_expenses::decimal(18, 4) as other_expenses,
    s.result::decimal(18, 4) as result,
    (s.result / nullif(s.revenue, 0))::decimal(18, 4) as result_share,
    p.budgeted_revenue,
    (p.budgeted_revenue - coalesce(p.budgeted_cost_of_goods, 0) - coalesce(p.budgeted_payroll_expenses, 0)
        - coalesce(p.budgeted_other_expenses, 0))::decimal(18, 4) as budgeted_result,
    s.first_posting_date,
    s.last_posting_date,
    c.as_of,
    c.verdict
from filled as s
join core.companies as c on c.company_id = s.company_id
left join core.projects as p on p.company_id = s.company_id and p.project_id = s.project_id
left join core.customers as cu on cu.company_id = p.company_id and cu.customer_no = p.customer_no
left join core.departments as de on de.company_id = p.company_id and de.department_id = p.department_id
