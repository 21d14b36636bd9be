-- What a company calls its own dimensions. Raw row: custom_dimension_settings by dimension_number.
select _source_id as company_id, ordinal as dimension_number, name as dimension, coalesce(is_active, true) as is_active
from raw_poweroffice.custom_dimension_settings
