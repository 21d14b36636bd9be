-- The trial balance of every month: what each account held before, what moved, what it holds after. Ledger sign: debit
-- positive; times report_sign it is as a statement shows it. Result accounts restart each fiscal year. A month's rows
-- add up to zero where the books balance. Every account is there from the month of its first posting.
-- A row leads to core.postings of the same company_id, account_no and month.
--
-- opening: balance before the month's first day
-- movement: sum of the month's postings
-- closing: balance at the end of the month
-- year_to_date: sum of the postings from the beginning of the fiscal year
-- opening_of_year: balance before the fiscal year's first day; 0 for result accounts
-- postings: number of the month's postings
with first_months as (
    select company_id, account_no, min(month) as first_month from core.monthly_balances group by all
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
    left join core.monthly_balances as m
        on m.company_id = p.company_id and m.account_no = f.account_no and m.month = p.month
    where p.has_begun
),
summed as (
    select
        g.*,
        a.account,
        a.account_name,
        a.account_type,
        a.report_sign,
        a.account_class,
        a.account_group,
        a.line,
        a.is_result_account,
        sum(g.movement) over (partition by g.company_id, g.account_no order by g.month) as ever,
        sum(g.movement) over (partition by g.company_id, g.account_no, g.fiscal_year order by g.month) as this_year
    from grid as g
    join core.accounts as a on a.company_id = g.company_id and a.account_no = g.account_no
)
select
    s.company_id,
    c.company,
    s.fiscal_year,
    s.period,
    s.month,
    s.account_no,
    s.account,
    s.account_name,
    s.account_type,
    s.account_class,
    s.account_group,
    s.line,
    s.report_sign,
    (if(s.is_result_account, s.this_year, s.ever) - s.movement)::decimal(18, 4) as opening,
    s.debit,
    s.credit,
    s.movement,
    if(s.is_result_account, s.this_year, s.ever)::decimal(18, 4) as closing,
    s.this_year::decimal(18, 4) as year_to_date,
    if(s.is_result_account, 0, s.ever - s.this_year)::decimal(18, 4) as opening_of_year,
    s.postings,
    c.as_of,
    c.verdict
from summed as s
join core.companies as c on c.company_id = s.company_id
