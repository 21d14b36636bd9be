-- Income statement and balance sheet by month in every layout, own ones too, with the year before and the budget. Report
-- sign: each line as its layout shows it. Every line is there in every month with books or a budget, also where nothing was
-- posted. Budgets are of result accounts: a balance sheet has none. Its accounts: marts.report_lines_by_account.
--
-- layout_id: norwegian, or the id of an own layout
-- layout: its name
-- line: the line's name in code; unmapped for what no line takes
-- is_subtotal: a sum of lines above it
-- amount: income statement: the month; balance sheet: the balance at its end
-- year_to_date: income statement: from the beginning of the fiscal year; balance sheet: the balance, as
--   amount; empty in months to come
-- previous_year: amount, a year before
-- previous_year_to_date: year_to_date, a year before
-- budget: what was budgeted for the month; empty where the company has no budget for it
-- deviation: amount less budget
with months as (
    select company_id, fiscal_year, period, month, bool_or(ledger_year_to_date is not null) as has_books
    from marts.report_lines_by_account
    group by all
),
parts as (
    select l.layout_id, l.statement, l.position, p.line
    from core.report_lines as l
    join core.report_lines as p
        on p.layout_id = l.layout_id
        and p.statement = l.statement
        and p.sums_from is null
        and p.position between coalesce(l.sums_from, l.position) and l.position
),
sums as (
    select
        company_id,
        month,
        layout_id,
        statement,
        line,
        sum(ledger_amount) as amount,
        sum(ledger_year_to_date) as year_to_date,
        sum(ledger_budget) as budget
    from marts.report_lines_by_account
    group by all
),
lines as (
    select
        m.company_id,
        m.fiscal_year,
        m.period,
        m.month,
        p.layout_id,
        p.statement,
        p.position,
        coalesce(sum(s.amount), 0) as amount,
        if(m.has_books, coalesce(sum(s.year_to_date), 0), null) as year_to_date,
        sum(s.budget) as budget
    from months as m
    join parts as p on p.statement = 'income_statement' or m.has_books
    left join sums as s
        on s.company_id = m.company_id
        and s.month = m.month
        and s.layout_id = p.layout_id
        and s.statement = p.statement
        and s.line = p.line
    group by m.company_id, m.fiscal_year, m.period, m.month, m.has_books, p.layout_id, p.statement, p.position
)
select
    n.company_id,
    c.company,
    n.layout_id,
    l.layout,
    n.statement,
    n.fiscal_year,
    n.period,
    n.month,
    n.position,
    l.line,
    l.line_name,
    l.line_name_nb,
    l.sums_from is not null as is_subtotal,
    (n.amount * l.sign)::decimal(18, 4) as amount,
    (n.year_to_date * l.sign)::decimal(18, 4) as year_to_date,
    (coalesce(b.amount, 0) * l.sign)::decimal(18, 4) as previous_year,
    (coalesce(b.year_to_date, 0) * l.sign)::decimal(18, 4) as previous_year_to_date,
    (n.budget * l.sign)::decimal(18, 4) as budget,
    ((n.amount - n.budget) * l.sign)::decimal(18, 4) as deviation,
    c.as_of,
    c.verdict
from lines as n
join core.companies as c on c.company_id = n.company_id
join core.report_lines as l
    on l.layout_id = n.layout_id and l.statement = n.statement and l.position = n.position
left join lines as b
    on b.company_id = n.company_id
    and b.layout_id = n.layout_id
    and b.statement = n.statement
    and b.position = n.position
    and b.month = (n.month - interval 1 year)::date
