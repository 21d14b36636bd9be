-- Which accounts the lines of own layouts take: each account on one line of a statement at most.
--
-- layout_id: id of the own layout
-- line: the line's name in code, as in core.report_lines
-- first_account: from this account number
-- last_account: to this one, included; 0 to 0 takes results that are not appropriated yet
select layout_id, statement, concat(left(statement, 1), position) as line, first_account, last_account
from tieout.report_line_ranges
