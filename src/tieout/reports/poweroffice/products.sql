-- The products. Raw row: products by product_id.
select
    _source_id as company_id,
    id as product_id,
    code as product_code,
    name as product_name,
    product_group_id,
    lower(product_type) as product_type,
    unit_of_measure_code as unit,
    unit_price,
    unit_cost,
    coalesce(is_stock_item, false) as is_stock_item,
    stock_on_hand,
    not coalesce(is_archived, false) as is_active
from raw_poweroffice.products
