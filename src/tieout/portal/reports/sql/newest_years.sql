-- The newest fiscal year of each company that has begun.
select company_id, max(fiscal_year) as fiscal_year
from core.periods
where list_contains($companies, company_id) and has_begun
group by company_id
order by company_id
