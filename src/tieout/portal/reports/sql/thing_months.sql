-- What a project, department or product earned and cost by month, by the postings that carry it. Report sign: income and
-- costs positive.
select
    p.month,
    coalesce(-sum(p.amount) filter (a.account_type = 'income'), 0) as income,
    coalesce(sum(p.amount) filter (a.account_type = 'expense'), 0) as costs,
    -sum(p.amount) as result
from core.postings as p
join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no and a.is_result_account
where list_contains($companies, p.company_id)
    and p.month between $first and $last
    and case $by::varchar when 'project' then p.project_id when 'department' then p.department_id else p.product_id end
        = $number::bigint
group by p.month
order by p.month
