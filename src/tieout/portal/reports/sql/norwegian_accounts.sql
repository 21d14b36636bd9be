-- Each account number once, with its line after the Act; results not appropriated yet stand as account 0.
select distinct on (statement, number) statement, if(statement = 'balance_sheet' and is_result, 0, account_no) as number, line
from (
    select l.*, a.is_result_account as is_result
    from core.account_lines as l
    join core.accounts as a on a.company_id = l.company_id and a.account_no = l.account_no
    where l.layout_id = 'norwegian' and list_contains($companies, l.company_id)
)
order by statement, number, company_id
