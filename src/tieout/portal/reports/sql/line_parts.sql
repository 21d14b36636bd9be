-- The lines that a line of a statement is made of: itself, or those that it adds up.
select p.line, p.statement
from core.statement_lines as l
join core.statement_lines as p
    on p.statement = l.statement
    and p.sums_from is null
    and p.position between coalesce(l.sums_from, l.position) and l.position
where l.line = $line
