-- Invoices and credit notes in both directions; invoices positive, credit notes negative, whatever sign the source uses
-- (contract 7.0). Raw row: outgoing_invoices or incoming_invoices by invoice_id, which is also the voucher's id.
select
    _source_id as company_id,
    'outgoing' as direction,
    id as invoice_id,
    voucher_no,
    invoice_no::varchar as invoice_no,
    if(voucher_type like '%CreditNote', 'credit_note', 'invoice') as kind,
    customer_no as party_no,
    voucher_date as invoice_date,
    due_date,
    currency_code,
    currency_exchange_rate as currency_rate,
    abs(total_amount) * if(voucher_type like '%CreditNote', -1, 1) as currency_total,
    abs(net_posted_amount) * if(voucher_type like '%CreditNote', -1, 1) as net_amount,
    abs(total_posted_amount) * if(voucher_type like '%CreditNote', -1, 1) as total_amount,
    abs(balance) * if(voucher_type like '%CreditNote', -1, 1) as open_amount,
    project_id,
    department_id,
    order_no,
    coalesce(is_reversed, false) as is_reversed,
    sent_date_time_offset as sent_at,
    exists (
        from tieout.answered_parents as asked
        where asked.source_id = _source_id and asked.stream = 'outgoing_invoice_lines' and asked.parent = id::varchar
    ) as has_lines
from raw_poweroffice.outgoing_invoices
union all by name
select
    _source_id as company_id,
    'incoming' as direction,
    id as invoice_id,
    voucher_no,
    invoice_no,
    if(voucher_type like '%CreditNote', 'credit_note', 'invoice') as kind,
    supplier_no as party_no,
    voucher_date as invoice_date,
    due_date,
    currency_code,
    currency_exchange_rate as currency_rate,
    abs(total_amount) * if(voucher_type like '%CreditNote', -1, 1) as currency_total,
    abs(net_posted_amount) * if(voucher_type like '%CreditNote', -1, 1) as net_amount,
    abs(total_posted_amount) * if(voucher_type like '%CreditNote', -1, 1) as total_amount,
    abs(balance) * if(voucher_type like '%CreditNote', -1, 1) as open_amount,
    project_id,
    department_id,
    null as order_no,
    coalesce(is_reversed, false) as is_reversed,
    null as sent_at,
    null as has_lines
from raw_poweroffice.incoming_invoices
