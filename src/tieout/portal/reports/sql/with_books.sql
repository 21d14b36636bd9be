-- The companies of which postings are stored.
select distinct company_id
from core.periods
where list_contains($companies, company_id)
