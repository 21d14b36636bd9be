-- The companies that have a budget for a span of months.
select distinct source_id as company_id
from tieout.budget_amounts
where list_contains($companies, source_id) and month between $first and $last
