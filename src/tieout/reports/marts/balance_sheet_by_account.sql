-- The balance sheet account by account at the end of each month. Report sign: assets, equity and debt are positive as a
-- statement prints them. Results that are not appropriated yet are a line of equity of their own, and lead to the result
-- accounts of all years so far.
-- A row leads to core.postings of the same company_id and account_no up to the month's end.
--
-- balance: at the end of the month
-- ledger_balance: the same with the ledger's sign, debit positive
with balances as (
    select
        company_id,
        account_no,
        account,
        month,
        fiscal_year,
        period,
        if(is_result_account, 'unappropriated_result', line) as line,
        ever as balance
    from core.monthly_closings
)
select
    b.company_id,
    c.company,
    b.fiscal_year,
    b.period,
    b.month,
    l.position,
    b.line,
    l.line_name,
    b.account_no,
    b.account,
    (b.balance * l.sign)::decimal(18, 4) as balance,
    b.balance::decimal(18, 4) as ledger_balance,
    c.as_of,
    c.verdict
from balances as b
join core.companies as c on c.company_id = b.company_id
join core.statement_lines as l on l.statement = 'balance_sheet' and l.line = b.line
