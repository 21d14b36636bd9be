-- Budgets by company and fiscal year. Report sign: income, costs and the result are positive.
select
    b.company_id,
    b.fiscal_year,
    -coalesce(sum(b.amount) filter (a.account_type = 'income'), 0) as income,
    coalesce(sum(b.amount) filter (a.account_type <> 'income' or a.account_type is null), 0) as costs,
    -sum(b.amount) as result,
    max(b.given_at) as given_at
from core.budget_amounts as b
left join core.accounts as a on a.company_id = b.company_id and a.account_no = b.account_no
where list_contains($companies, b.company_id)
group by b.company_id, b.fiscal_year
order by b.fiscal_year desc
