-- Accounts that no line of a layout takes. Results not appropriated yet stand once, as account 0.
select
    statement,
    if(is_result, 0, account_no) as number,
    if(is_result, null, any_value(account order by company_id)) as account,
    count(distinct company_id) as companies
from (
    select l.*, l.statement = 'balance_sheet' and a.is_result_account as is_result
    from core.account_lines as l
    join core.accounts as a on a.company_id = l.company_id and a.account_no = l.account_no
    where l.layout_id = $layout and not l.is_mapped and list_contains($companies, l.company_id)
)
group by statement, is_result, if(is_result, 0, account_no)
order by statement desc, number
