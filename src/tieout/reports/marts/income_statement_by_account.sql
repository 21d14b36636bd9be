-- The income statement account by account and month, with the year before. Report sign: income, expenses and results
-- are positive as a statement prints them.
-- A row leads to core.postings of the same company_id, account_no and month.
--
-- amount: the month
-- year_to_date: from the beginning of the fiscal year to the month's end
-- previous_year: the same month a year before
-- previous_year_to_date: a year before, to the same month's end
-- ledger_amount: the month with the ledger's sign, debit positive
with months as (
    select company_id, fiscal_year, period, month, account_no, account, line, movement, this_year as year_to_date
    from core.monthly_closings
    where is_result_account
)
select
    m.company_id,
    c.company,
    m.fiscal_year,
    m.period,
    m.month,
    s.position,
    m.line,
    s.line_name,
    m.account_no,
    m.account,
    (m.movement * s.sign)::decimal(18, 4) as amount,
    (m.year_to_date * s.sign)::decimal(18, 4) as year_to_date,
    (coalesce(b.movement, 0) * s.sign)::decimal(18, 4) as previous_year,
    (coalesce(b.year_to_date, 0) * s.sign)::decimal(18, 4) as previous_year_to_date,
    m.movement as ledger_amount,
    c.as_of,
    c.verdict
from months as m
join core.companies as c on c.company_id = m.company_id
join core.statement_lines as s on s.statement = 'income_statement' and s.line = m.line
left join months as b
    on b.company_id = m.company_id and b.account_no = m.account_no and b.month = (m.month - interval 1 year)::date
