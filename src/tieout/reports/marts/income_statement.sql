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
        line,
        month,
        sum(movement) as movement,
        sum(year_to_date) as year_to_date
    from marts.trial_balance
    where account_type in ('income', 'expense')
    group by company_id, line, month
),
lines as (
    select
        p.company_id,
        p.fiscal_year,
        p.period,
        p.month,
        l.position,
        sum(s.movement) as movement,
        sum(s.year_to_date) as year_to_date
    from core.periods as p
    join core.statement_lines as l on l.statement = 'income_statement'
    left join core.statement_lines as parts
        on parts.statement = 'income_statement'
        and parts.sums_from is null
        and parts.position between coalesce(l.sums_from, l.position) and l.position
    left join sums as s on s.company_id = p.company_id and s.month = p.month and s.line = parts.line
    where p.has_begun
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
