-- The group's income statement: the workspace's companies added up by line and calendar month, with the part that is between
-- them. Report sign: income, expenses and results are positive as a statement prints them.
--
-- is_subtotal: a sum of lines above it
-- amount: the month, all companies
-- internal: the part of it that is between companies of the workspace
-- external: the rest
with sums as (
    select month, if(is_result_account, line, null) as line, sum(movement) as amount, sum(internal_movement) as internal
    from core.group_closings
    group by all
),
months as (
    select distinct month from sums
),
parts as (
    select l.position, l.line, l.line_name, l.line_name_nb, l.sign, l.sums_from is not null as is_subtotal, p.line as part
    from core.statement_lines as l
    join core.statement_lines as p
        on p.statement = l.statement
        and p.sums_from is null
        and p.position between coalesce(l.sums_from, l.position) and l.position
    where l.statement = 'income_statement'
),
lines as (
    select
        m.month,
        p.position,
        p.line,
        p.line_name,
        p.line_name_nb,
        p.is_subtotal,
        (coalesce(sum(s.amount), 0) * p.sign)::decimal(18, 4) as amount,
        (coalesce(sum(s.internal), 0) * p.sign)::decimal(18, 4) as internal
    from months as m
    cross join parts as p
    left join sums as s on s.month = m.month and s.line = p.part
    group by m.month, p.position, p.line, p.line_name, p.line_name_nb, p.is_subtotal, p.sign
)
select l.*, (l.amount - l.internal)::decimal(18, 4) as external, g.as_of, g.verdict
from lines as l
cross join core.group_status as g
