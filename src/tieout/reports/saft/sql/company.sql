-- Whose books: one row.
select organisation_number, company, currency_code, fiscal_year_end_month from core.companies where company_id = $company
