-- The balance sheet after the Norwegian Accounting Act at the end of each month, with subtotals, the year before and the
-- beginning of the fiscal year. Report sign: assets, equity and debt are positive as a statement prints them.
-- Every line is there in every month. Its accounts: marts.balance_sheet_by_account.
--
-- is_subtotal: a sum of lines above it
-- balance: at the end of the month
-- previous_year: at the end of the same month a year before
-- opening_of_year: at the beginning of the fiscal year
with sums as (
    select company_id, line, month, sum(ledger_balance) as balance
    from marts.balance_sheet_by_account
    group by company_id, line, month
),
lines as (
    select
        p.company_id,
        p.fiscal_year,
        p.period,
        p.month,
        l.position,
        sum(s.balance) as balance
    from core.periods as p
    join core.statement_lines as l on l.statement = 'balance_sheet'
    left join core.statement_lines as parts
        on parts.statement = 'balance_sheet'
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
