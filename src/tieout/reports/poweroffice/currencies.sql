-- The currencies a company may use. Raw row: currencies by currency_code.
select _source_id as company_id, code as currency_code, notation as currency_name, coalesce(is_active, true) as is_active
from raw_poweroffice.currencies
