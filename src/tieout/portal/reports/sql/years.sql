-- The fiscal years that have begun, newest first, each with its last month that has begun.
select fiscal_year, max(fiscal_year_label) as label, max(period) as last_period
from core.periods
where list_contains($companies, company_id) and has_begun
group by fiscal_year
order by fiscal_year desc
