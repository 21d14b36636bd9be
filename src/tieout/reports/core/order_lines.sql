-- Lines of sales orders that are not invoiced yet, in the order's currency.
--
-- order_id: the order it belongs to
-- line_id: id at the source; the raw row is in raw_<connector>.sales_order_lines
-- line_no: order on the sales order
-- line_type: normal, text, summary, invoice_fee or total_hours
-- discount: share taken off, as the source has it
-- currency_net_amount: before VAT, the order's currency
-- currency_total_amount: with VAT, the order's currency
select * from staging.order_lines
