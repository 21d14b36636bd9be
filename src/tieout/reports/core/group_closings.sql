-- The workspace's companies added up, account by account and month, with what is between them. Ledger sign: debit positive.
-- Accounts of the same number are taken as the same account; the name is that of the company with most postings on it.
--
-- companies: number of companies that have the account
-- movement: sum of the month's postings of all companies
-- ever: sum of all their postings so far
-- internal_movement: the part of movement that is between companies of the workspace
-- internal_ever: the part of ever that is between them
with internal as (
    select company_id, account_no, month, sum(amount) as amount
    from core.internal_postings
    group by company_id, account_no, month
),
marked as (
    select
        c.*,
        coalesce(i.amount, 0) as internal_movement,
        coalesce(sum(i.amount) over (partition by c.company_id, c.account_no order by c.month), 0) as internal_ever
    from core.monthly_closings as c
    left join internal as i on i.company_id = c.company_id and i.account_no = c.account_no and i.month = c.month
)
select
    month,
    account_no,
    arg_max(account, postings) as account,
    arg_max(account_type, postings) as account_type,
    arg_max(is_result_account, postings) as is_result_account,
    arg_max(line, postings) as line,
    count(distinct company_id) as companies,
    sum(movement)::decimal(18, 4) as movement,
    sum(ever)::decimal(18, 4) as ever,
    sum(internal_movement)::decimal(18, 4) as internal_movement,
    sum(internal_ever)::decimal(18, 4) as internal_ever
from marked
group by month, account_no
