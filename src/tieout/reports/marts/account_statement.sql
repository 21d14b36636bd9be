-- One account of one company between two days: its postings in order, with the balance after each. Ledger sign.
-- The balance starts from what the account held before the first day; a result account starts from its fiscal year.
--
-- parameters: of_company, of_account, first_day, last_day
-- balance: after the posting
with account as (
    select a.company_id, a.account_no, a.is_result_account, c.fiscal_year_end_month
    from core.accounts as a
    join core.companies as c on c.company_id = a.company_id
    where a.company_id = of_company and a.account_no = of_account
),
counted as (
    select p.*
    from core.postings as p
    join account as a on a.company_id = p.company_id and a.account_no = p.account_no
    where p.company_id = of_company
        and p.account_no = of_account
        and p.posting_date <= last_day::date
        and (
            not a.is_result_account
            or p.fiscal_year >= year(first_day::date) + if(month(first_day::date) > a.fiscal_year_end_month, 1, 0)
        )
)
select
    posting_date,
    voucher_no,
    voucher_type,
    description,
    amount,
    (sum(amount) over (
        partition by fiscal_year * (select is_result_account::integer from account)
        order by posting_date, posting_id
    ))::decimal(18, 4) as balance,
    voucher_id,
    posting_id
from counted
qualify posting_date >= first_day::date
order by posting_date, posting_id
