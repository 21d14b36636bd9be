-- Sales orders that are not invoiced yet, in the order's currency.
--
-- order_id: id at the source; the raw row is in raw_<connector>.sales_orders
-- order_status: as the source calls it, lower case
-- currency_net_amount: before VAT, the order's currency
-- currency_total_amount: with VAT, the order's currency
select o.*, coalesce(c.customer, o.customer_no::varchar) as customer
from staging.orders as o
left join core.customers as c on c.company_id = o.company_id and c.customer_no = o.customer_no
