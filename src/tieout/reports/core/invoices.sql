-- Invoices and credit notes in both directions, in the company's currency: invoices positive, credit notes negative.
--
-- direction: outgoing (to customers) or incoming (from suppliers)
-- invoice_id: id at the source, and the voucher's id; the raw row is in raw_<connector>.outgoing_invoices or incoming_invoices
-- kind: invoice or credit_note
-- party_no: customer's or supplier's number, by direction
-- currency_total: total in the invoice's currency
-- currency_rate: company's currency for one unit of the invoice's
-- vat_amount: total less net
-- open_amount: what is left to pay now
-- has_lines: whether its lines have been read yet; they arrive one invoice at a time. Empty where the source gives none
-- days_overdue: days since it was due at as_of, 0 if it is paid or not due yet
select
    i.* exclude (net_amount, total_amount, open_amount),
    date_trunc('month', i.invoice_date)::date as month,
    coalesce(cu.customer, su.supplier, i.party_no::varchar) as party,
    i.net_amount::decimal(18, 4) as net_amount,
    (i.total_amount - i.net_amount)::decimal(18, 4) as vat_amount,
    i.total_amount::decimal(18, 4) as total_amount,
    i.open_amount::decimal(18, 4) as open_amount,
    if(i.open_amount = 0, 0, greatest(c.as_of_date - i.due_date, 0))::integer as days_overdue
from staging.invoices as i
join core.companies as c on c.company_id = i.company_id
left join core.customers as cu
    on i.direction = 'outgoing' and cu.company_id = i.company_id and cu.customer_no = i.party_no
left join core.suppliers as su
    on i.direction = 'incoming' and su.company_id = i.company_id and su.supplier_no = i.party_no
