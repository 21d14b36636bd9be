-- The income statement after the Norwegian Accounting Act by month, with subtotals and the year before. Report sign:
-- income, expenses and results are positive as a statement prints them; costs are subtracted in subtotals.
-- Every line is there in every month, also where nothing was posted. Its accounts: marts.income_statement_by_account.
--
-- is_subtotal: a sum of lines above it
-- amount: the month
-- year_to_date: from the beginning of the fiscal year to the month's end
-- previous_year: the same month a year before
-- previous_year_to_date: a year before, to the same month's end
with sums as (
    select
        company_id,
        fiscal_year,
        period,
        month,
        if(is_result_account, line, null) as line,
        sum(movement) as movement,
        sum(this_year) as year_to_date
    from core.monthly_closings
    group by all
),
months as (
    select distinct company_id, fiscal_year, period, month from sums
),
parts as (
    select l.position, p.line
    from core.statement_lines as l
    join core.statement_lines as p
        on p.statement = l.statement
        and p.sums_from is null
        and p.position between coalesce(l.sums_from, l.position) and l.position
    where l.statement = 'income_statement'
),
lines as (
    select
        m.company_id,
        m.fiscal_year,
        m.period,
        m.month,
        p.position,
        sum(s.movement) as movement,
        sum(s.year_to_date) as year_to_date
    from months as m
    cross join parts as p
    left join sums as s on s.company_id = m.company_id and s.month = m.month and s.line = p.line
    group by all
)
select
    n.company_id,
    c.company,
    n.fiscal_year,
    n.period,
    n.month,
    n.position,
    l.line,
    l.line_name,
    l.line_name_nb,
    l.sums_from is not null as is_subtotal,
    (coalesce(n.movement, 0) * l.sign)::decimal(18, 4) as amount,
    (coalesce(n.year_to_date, 0) * l.sign)::decimal(18, 4) as year_to_date,
    (coalesce(b.movement, 0) * l.sign)::decimal(18, 4) as previous_year,
    (coalesce(b.year_to_date, 0) * l.sign)::decimal(18, 4) as previous_year_to_date,
    c.as_of,
    c.verdict
from lines as n
join core.companies as c on c.company_id = n.company_id
join core.statement_lines as l on l.statement = 'income_statement' and l.position = n.position
left join lines as b
    on b.company_id = n.company_id and b.position = n.position and b.month = (n.month - interval 1 year)::date
