-- The product groups. Raw row: product_groups by product_group_id.
select _source_id as company_id, id as product_group_id, code as product_group_code, name as product_group_name
from raw_poweroffice.product_groups
