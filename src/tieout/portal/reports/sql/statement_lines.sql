-- The lines of a statement in order.
select position, line, line_name, line_name_nb, sign, sums_from
from core.statement_lines
where statement = $statement
order by position
