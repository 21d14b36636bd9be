-- The VAT codes. Custom codes (C1) derive from a standard code, compensation codes (K1) have it after their letter.
-- Raw row: vat_codes by vat_code_id.
select
    v._source_id as company_id,
    v.id as vat_code_id,
    v.code as vat_code,
    v.name as vat_code_name,
    coalesce(b.code, regexp_extract(v.code, '[0-9]+')) as standard_code,
    v.rate,
    v.vat_basis_ratio as deductible_share,
    v.valid_from,
    v.valid_to,
    coalesce(v.is_active, true) as is_active
from raw_poweroffice.vat_codes as v
left join raw_poweroffice.vat_codes as b on b._source_id = v._source_id and b.id = v.base_vat_code_id
qualify row_number() over (partition by v._source_id, v.code order by v.is_active desc nulls last, v.valid_from desc) = 1
