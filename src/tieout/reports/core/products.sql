-- Products with the group they are in.
--
-- unit_price: sales price before VAT, company's currency
-- unit_cost: cost, company's currency
-- stock_on_hand: number on stock, where stock is kept
select
    p.company_id,
    p.product_id,
    p.product_code,
    p.product_name,
    concat_ws(' ', p.product_code, p.product_name) as product,
    p.product_group_id,
    concat_ws(' ', g.product_group_code, g.product_group_name) as product_group,
    p.product_type,
    p.unit,
    p.unit_price,
    p.unit_cost,
    p.is_stock_item,
    p.stock_on_hand,
    p.is_active
from staging.products as p
left join staging.product_groups as g
    on g.company_id = p.company_id and g.product_group_id = p.product_group_id
