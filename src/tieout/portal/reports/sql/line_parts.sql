-- The lines that a line of a statement is made of: itself, or those that it adds up.
select p.line, p.statement
from core.report_lines as l
join core.report_lines as p
    on p.layout_id = l.layout_id
    and p.statement = l.statement
    and p.sums_from is null
    and p.position between coalesce(l.sums_from, l.position) and l.position
where l.layout_id = $layout and l.line = $line and ($statement::varchar is null or l.statement = $statement::varchar)
