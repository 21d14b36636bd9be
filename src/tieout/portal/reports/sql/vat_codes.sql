-- VAT of each code in the terms that touch a span of months. Report sign: what is to be paid is positive.
select
    company_id, company, vat_term, term_first_day, term_last_day, vat_code, vat, standard_code, basis, output_vat, input_vat,
    vat_payable
from marts.vat
where list_contains($companies, company_id) and term_last_day >= $first and term_first_day <= last_day($last::date)
order by term_first_day, company, vat_code
