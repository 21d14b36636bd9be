-- VAT codes that can be used or were, also those that have left the register.
with used as (
    select distinct vat_code, any_value(vat_rate) as rate from core.postings
    where company_id = $company and vat_code is not null group by vat_code
)
select
    coalesce(v.vat_code, u.vat_code) as vat_code,
    coalesce(nullif(v.vat_code_name, ''), 'Mva-kode ' || coalesce(v.vat_code, u.vat_code)) as name,
    coalesce(v.standard_code, '') as standard_code,
    coalesce(v.rate, u.rate, 0) as rate,
    coalesce(v.deductible_share, 1) as deductible_share,
    v.valid_from,
    v.valid_to
from (from core.vat_codes where company_id = $company) as v
full join used as u on u.vat_code = v.vat_code
order by 1
