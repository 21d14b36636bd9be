-- A company's budget of one fiscal year as it was given. Report sign: income and costs positive.
select b.account_no, a.account_name, b.month, b.department_code, b.project_code, b.amount * coalesce(a.report_sign, 1) as amount
from core.budget_amounts as b
left join core.accounts as a on a.company_id = b.company_id and a.account_no = b.account_no
where list_contains($companies, b.company_id) and b.fiscal_year = $year
order by b.account_no, b.month, b.department_code, b.project_code
