-- The accounts whose postings make a figure, by company, and the fiscal year that counts of each (null: every year).
-- A line's accounts; those of income, of expenses or both; VAT accounts. `restart`: result accounts restart with the fiscal year of that day.
select
    a.company_id,
    a.account_no,
    case when a.is_result_account and $restart::date is not null
        then year($restart::date) + if(month($restart::date) > c.fiscal_year_end_month, 1, 0) end as fiscal_year
from core.accounts as a
join core.companies as c on c.company_id = a.company_id
left join core.own_line_ranges as o
    on o.layout_id = $layout
    and o.statement = $statement::varchar
    and if(a.is_result_account and o.statement = 'balance_sheet', 0, a.account_no) between o.first_account and o.last_account
where list_contains($companies, a.company_id)
    and ($account::bigint is null or a.account_no = $account::bigint)
    and ($line::varchar is null or (
        (a.is_result_account or $statement::varchar = 'balance_sheet')
        and list_contains($lines::varchar[], case
            when $layout <> 'norwegian' then coalesce(o.line, 'unmapped')
            when a.is_result_account and $statement::varchar = 'balance_sheet' then 'unappropriated_result'
            else a.line
        end)
    ))
    and ($result::varchar is null or a.account_type = $result::varchar or ($result::varchar = 'both' and a.is_result_account))
    and ($vat_accounts::varchar is null or left(a.account_no::varchar, 3) in ('270', '271', '272', '273')
        or ($vat_accounts::varchar = 'owed' and left(a.account_no::varchar, 3) = '274'))
