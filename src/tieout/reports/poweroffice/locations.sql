-- The locations. Raw row: locations by location_id.
select
    _source_id as company_id,
    id as location_id,
    code as location_code,
    name as location_name,
    coalesce(is_active, true) as is_active
from raw_poweroffice.locations
