-- Every account that is in use or was posted on, with its balance before the first day and after the last.
-- A result account begins each fiscal year at zero.
select
    a.account_no,
    coalesce(nullif(a.account_name, ''), 'Konto ' || a.account_no) as account_name,
    coalesce(sum(p.amount) filter (
        p.posting_date < $first and not (a.is_result_account and p.fiscal_year < $fiscal_year)
    ), 0) as opening,
    coalesce(sum(p.amount) filter (
        p.posting_date <= $last and not (a.is_result_account and p.fiscal_year < $fiscal_year)
    ), 0) as closing
from core.accounts as a
left join core.postings as p on p.company_id = a.company_id and p.account_no = a.account_no
where a.company_id = $company
group by all
order by a.account_no
