-- Lines of outgoing invoices, sign as on the invoice. Raw row: outgoing_invoice_lines by line_id.
select
    l._source_id as company_id,
    l.outgoing_invoice_id as invoice_id,
    l.id::varchar as line_id,
    l.sort_order as line_no,
    lower(regexp_replace(l.line_type, '([a-z0-9])([A-Z])', '\1_\2', 'g')) as line_type,
    l.description,
    l.account_no,
    l.product_id,
    l.product_code,
    l.quantity,
    l.unit_of_measure_code as unit,
    l.product_unit_price as unit_price,
    l.product_unit_cost as unit_cost,
    l.allowance as discount,
    l.net_posted_amount as net_amount,
    l.total_posted_amount as total_amount,
    l.vat_code,
    l.project_id,
    l.department_id
from raw_poweroffice.outgoing_invoice_lines as l
