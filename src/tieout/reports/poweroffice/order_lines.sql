-- Lines of sales orders, in the order's currency. Raw row: sales_order_lines by line_id.
select
    _source_id as company_id,
    sales_order_id as order_id,
    id::varchar as line_id,
    sort_order as line_no,
    lower(regexp_replace(line_type, '([a-z0-9])([A-Z])', '\1_\2', 'g')) as line_type,
    description,
    product_id,
    product_code,
    quantity,
    unit_of_measure_code as unit,
    product_unit_price as unit_price,
    product_unit_cost as unit_cost,
    allowance as discount,
    net_amount as currency_net_amount,
    total_amount as currency_total_amount,
    vat_code,
    project_id,
    department_id
from raw_poweroffice.sales_order_lines
