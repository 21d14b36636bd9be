-- The trial balance at the end of any day, as the source gives it: opening of the fiscal year, movement since, closing.
-- Ledger sign: debit positive. Result accounts restart each fiscal year. Null: each company's as_of date.
--
-- parameters: on_date
-- opening_of_year: balance before the fiscal year's first day; 0 for result accounts
-- year_to_date: sum of the postings from the beginning of the fiscal year
-- closing: balance at the end of the day
with asked as (
    select
        company_id,
        coalesce(on_date, as_of_date) as at_date,
        fiscal_year_end_month
    from core.companies
),
years as (
    select
        *,
        (date_trunc('month', at_date) - to_months(((month(at_date) - fiscal_year_end_month + 11) % 12)::integer))::date
            as year_start
    from asked
),
moved as (
    select
        p.company_id,
        p.account_no,
        y.at_date,
        sum(p.amount) filter (p.posting_date < y.year_start) as before,
        sum(p.amount) filter (p.posting_date >= y.year_start) as since
    from core.postings as p
    join years as y on y.company_id = p.company_id
    where p.posting_date <= y.at_date
    group by p.company_id, p.account_no, y.at_date
)
select
    m.company_id,
    m.at_date,
    m.account_no,
    a.account,
    a.account_type,
    if(a.is_result_account, 0, coalesce(m.before, 0))::decimal(18, 4) as opening_of_year,
    coalesce(m.since, 0)::decimal(18, 4) as year_to_date,
    (if(a.is_result_account, 0, coalesce(m.before, 0)) + coalesce(m.since, 0))::decimal(18, 4) as closing
from moved as m
join core.accounts as a on a.company_id = m.company_id and a.account_no = m.account_no
