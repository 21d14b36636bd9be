-- The companies whose books a person may see, how fresh and how proved they are.
select company_id, company, currency_code, fiscal_year_end_month, as_of, as_of_date, verdict, verdict_at
from core.companies
where list_contains($companies, company_id)
order by company, company_id
