-- The lines of each layout in order. What no line of an own layout takes lies on its last line, unmapped.
--
-- layout_id: norwegian, or the id of an own layout
-- layout: its name
-- line: the line's name in code; unmapped for what no line takes
-- line_name: the line as it is printed
-- line_name_nb: the same in Norwegian; an own line has one name
-- sign: ledger amount times this is as the line shows it: 1 shows debit as positive, -1 credit
-- sums_from: for a subtotal, the position of the first line that it adds up; it ends with the line before itself
select y.layout_id, y.layout, l.statement, l.position, l.line, l.line_name, l.line_name_nb, l.sign, l.sums_from
from core.statement_lines as l
join core.report_layouts as y on y.layout_id = 'norwegian'
union all
select
    y.layout_id,
    y.layout,
    l.statement,
    l.position,
    concat(left(l.statement, 1), l.position) as line,
    l.line_name,
    l.line_name as line_name_nb,
    l.sign,
    l.sums_from
from tieout.report_lines as l
join tieout.report_layouts as y on y.layout_id = l.layout_id
union all
select y.layout_id, y.layout, s.statement, 1000000 as position, 'unmapped' as line, 'Not mapped' as line_name,
    'Ikke plassert' as line_name_nb, s.sign, null as sums_from
from tieout.report_layouts as y
cross join (values ('income_statement', -1), ('balance_sheet', 1)) as s (statement, sign)
