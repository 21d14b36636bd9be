-- VAT of each term that touches a span of months. Report sign: what is to be paid is positive.
select
    company_id, company, vat_term, term_first_day, term_last_day, output_vat, input_vat, vat_payable, moved_on_accounts,
    difference, is_returned
from marts.vat_by_term
where list_contains($companies, company_id) and term_last_day >= $first and term_first_day <= last_day($last::date)
order by term_first_day, company
