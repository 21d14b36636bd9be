-- The values of a company's own dimensions. Raw row: custom_dimensions by dimension_value_id.
select
    _source_id as company_id,
    id as dimension_value_id,
    ordinal as dimension_number,
    code as value_code,
    name as value_name,
    coalesce(is_active, true) as is_active
from raw_poweroffice.custom_dimensions
