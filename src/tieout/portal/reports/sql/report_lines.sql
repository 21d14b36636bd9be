-- The lines of a statement in a layout, in order.
select position, line, line_name, line_name_nb, sign, sums_from
from core.report_lines
where layout_id = $layout and statement = $statement
order by position
