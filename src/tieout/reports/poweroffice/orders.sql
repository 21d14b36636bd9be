-- Sales orders that are not invoiced yet. Raw row: sales_orders by order_id.
select
    _source_id as company_id,
    id as order_id,
    sales_order_no as order_no,
    lower(sales_order_status) as order_status,
    sales_order_date as order_date,
    delivery_date,
    customer_no,
    currency_code,
    currency_exchange_rate as currency_rate,
    net_amount as currency_net_amount,
    total_amount as currency_total_amount,
    project_id,
    department_id
from raw_poweroffice.sales_orders
