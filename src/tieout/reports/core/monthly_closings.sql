-- Every account in every month from its first posting on: what moved, and what it came to. Ledger sign: debit positive.
-- The trial balance, the statements and the month end are made of it. Months to come are there if something is posted in
-- them: a date that was typed a century wrong must not bring a century of empty months.
--
-- movement: sum of the month's postings
-- this_year: sum of the postings from the beginning of the fiscal year
-- ever: sum of all postings so far
-- closing: balance at the month's end: this_year for result accounts, else ever
-- postings: number of the month's postings
-- is_result_account: income or expense: restarts each fiscal year
with moved as (
    select * from core.monthly_balances
),
first_months as (
    select company_id, account_no, min(month) as first_month from moved group by all
),
posted_months as (
    select distinct company_id, month as posted_month from moved
),
grid as (
    select
        p.company_id,
        p.month,
        p.fiscal_year,
        p.period,
        f.account_no,
        coalesce(m.movement, 0) as movement,
        coalesce(m.debit, 0) as debit,
        coalesce(m.credit, 0) as credit,
        coalesce(m.postings, 0) as postings
    from core.periods as p
    join first_months as f on f.company_id = p.company_id and f.first_month <= p.month
    left join posted_months as d on d.company_id = p.company_id and d.posted_month = p.month
    left join moved as m on m.company_id = p.company_id and m.account_no = f.account_no and m.month = p.month
    where p.has_begun or d.posted_month is not null
),
summed as (
    select
        *,
        (sum(movement) over (partition by company_id, account_no order by month))::decimal(18, 4) as ever,
        (sum(movement) over (partition by company_id, account_no, fiscal_year order by month))::decimal(18, 4) as this_year
    from grid
)
select
    s.company_id,
    s.fiscal_year,
    s.period,
    s.month,
    s.account_no,
    a.account,
    a.account_name,
    a.account_type,
    a.is_result_account,
    a.report_sign,
    a.account_class,
    a.account_group,
    a.line,
    s.debit,
    s.credit,
    s.movement,
    s.this_year,
    s.ever,
    if(a.is_result_account, s.this_year, s.ever) as closing,
    s.postings
from summed as s
join core.accounts as a on a.company_id = s.company_id and a.account_no = s.account_no
