-- VAT codes with the standard code they report under and which way they go.
--
-- vat: code and name, for slicers
-- standard_code: the code of the VAT return
-- rate: 0 to 1
-- deductible_share: 0 to 1, where only a part may be deducted
-- direction: output (we owe), input (we deduct), both (reverse charge with deduction), reverse (reverse charge without
--   deduction), none (turnover without VAT)
select
    v.company_id,
    v.vat_code,
    v.vat_code_name,
    concat_ws(' ', v.vat_code, v.vat_code_name) as vat,
    v.standard_code,
    s.code_name as standard_code_name,
    coalesce(s.direction, 'none') as direction,
    v.rate,
    v.deductible_share,
    v.valid_from,
    v.valid_to,
    v.is_active,
    v.vat_code_id
from staging.vat_codes as v
left join core.standard_vat_codes as s on s.standard_code::varchar = v.standard_code
