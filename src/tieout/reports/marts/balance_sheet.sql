-- The balance sheet after the Norwegian Accounting Act at the end of each month, with subtotals, the year before and the
-- beginning of the fiscal year. Report sign: assets, equity and debt are positive as a statement prints them.
-- Every line is there in every month. Its accounts: marts.balance_sheet_by_account.
--
-- is_subtotal: a sum of lines above it
-- balance: at the end of the month
-- previous_year: at the end of the same month a year before
-- opening_of_year: at the beginning of the fiscal year
with sums as (
    select
        company_id,
        fiscal_year,
        period,
        month,
        if(is_result_account, 'unappropriated_result', line) as line,
        sum(ever) as balance
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
    where l.statement = 'balance_sheet'
),
lines as (
    select m.company_id, m.fiscal_year, m.period, m.month, p.position, sum(s.balance) as balance
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
    (coalesce(n.balance, 0) * l.sign)::decimal(18, 4) as balance,
    (coalesce(b.balance, 0) * l.sign)::decimal(18, 4) as previous_year,
    (coalesce(o.balance, 0) * l.sign)::decimal(18, 4) as opening_of_year,
    c.as_of,
    c.verdict
from lines as n
join core.companies as c on c.company_id = n.company_id
join core.statement_lines as l on l.statement = 'balance_sheet' and l.position = n.position
left join lines as b
    on b.company_id = n.company_id and b.position = n.position and b.month = (n.month - interval 1 year)::date
left join lines as o
    on o.company_id = n.company_id and o.position = n.position and o.month = (n.month - to_months(n.period))::date
