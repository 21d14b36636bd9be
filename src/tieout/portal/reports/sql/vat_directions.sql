-- Which way the VAT of each code goes: output, input, both or reverse. Codes without VAT are left out.
select company_id, vat_code, direction
from core.vat_codes
where list_contains($companies, company_id) and direction <> 'none'
