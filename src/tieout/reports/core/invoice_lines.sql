-- Lines of invoices in both directions, company's currency, before VAT: invoices positive, credit notes negative.
-- Outgoing lines are the source's own. The source has none of incoming invoices: theirs are the voucher's postings other
-- than the supplier's and VAT's.
--
-- direction: outgoing (to customers) or incoming (from suppliers)
-- line_id: id at the source; the raw row is in raw_<connector>.outgoing_invoice_lines, or account_transactions for incoming
-- line_no: order on the invoice
-- line_type: normal, text, summary, invoice_fee or total_hours; only normal lines and fees have amounts that count
-- discount: share taken off, as the source has it
-- cost_amount: quantity times unit cost, where the product has one
select
    l.company_id,
    'outgoing' as direction,
    l.invoice_id,
    l.line_id,
    l.line_no,
    l.line_type,
    l.description,
    l.account_no,
    l.product_id,
    l.product_code,
    l.quantity,
    l.unit,
    l.unit_price,
    l.discount,
    l.net_amount,
    (l.quantity * l.unit_cost)::decimal(18, 4) as cost_amount,
    l.vat_code,
    l.project_id,
    l.department_id
from staging.outgoing_invoice_lines as l
union all by name
select
    p.company_id,
    'incoming' as direction,
    p.voucher_id as invoice_id,
    p.posting_id::varchar as line_id,
    row_number() over (partition by p.company_id, p.voucher_id order by p.posting_id) as line_no,
    'normal' as line_type,
    p.description,
    p.account_no,
    p.product_id,
    p.product_code,
    p.quantity,
    p.amount as net_amount,
    p.vat_code,
    p.project_id,
    p.department_id
from staging.postings as p
where p.voucher_type in ('incoming_invoice', 'incoming_credit_note')
    and p.supplier_no is null
    and left(p.account_no::varchar, 3) not in ('270', '271', '272', '273')
