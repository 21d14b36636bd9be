-- Budgeted amounts by account and month, as they were uploaded. Ledger sign: debit positive, so income is negative.
--
-- department_code: code of the department it is for; empty where it is the whole company's
-- project_code: code of the project it is for; empty where it is no project's
-- given_at: when it was uploaded (UTC)
select
    b.source_id as company_id,
    (year(b.month) + if(month(b.month) > c.fiscal_year_end_month, 1, 0))::integer as fiscal_year,
    ((month(b.month) - c.fiscal_year_end_month + 11) % 12 + 1)::integer as period,
    b.month,
    b.account_no,
    nullif(b.department_code, '') as department_code,
    d.department_id,
    nullif(b.project_code, '') as project_code,
    p.project_id,
    b.amount,
    b.given_at
from tieout.budget_amounts as b
join core.companies as c on c.company_id = b.source_id
left join (
    select company_id, department_code, min(department_id) as department_id from core.departments group by all
) as d on d.company_id = b.source_id and d.department_code = b.department_code
left join (
    select company_id, project_code, min(project_id) as project_id from core.projects group by all
) as p on p.company_id = b.source_id and p.project_code = b.project_code
