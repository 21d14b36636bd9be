-- Every posting of the span, journal by journal, voucher by voucher, a day's postings of a voucher together.
select
    case
        when p.voucher_type in ('outgoing_invoice', 'outgoing_credit_note', 'outgoing_payment_reminder') then 'AR'
        when p.voucher_type in ('incoming_invoice', 'incoming_credit_note') then 'AP'
        else 'GL'
    end as journal,
    p.voucher_no,
    p.voucher_id::varchar as voucher_id,
    p.voucher_type,
    p.voucher_date,
    p.posting_date,
    (p.created_at at time zone 'Europe/Oslo')::date as entered_on,
    p.posting_id,
    p.account_no,
    p.amount,
    p.currency_code,
    p.currency_amount,
    coalesce(nullif(p.description, ''), p.voucher_type || ' ' || p.voucher_no) as description,
    p.vat_code,
    p.vat_rate,
    p.vat_amount,
    p.customer_no,
    p.supplier_no,
    p.department_code,
    p.project_code,
    p.location_code,
    p.dim1_code,
    p.dim2_code,
    p.dim3_code,
    p.quantity,
    e.invoice_no,
    e.cid,
    e.due_date,
    e.match_id
from core.postings as p
left join (
    select 'customer' as party, entry_id, invoice_no, cid, due_date, match_id
    from core.receivable_entries where company_id = $company
    union all
    select 'supplier' as party, entry_id, invoice_no, cid, due_date, match_id
    from core.payable_entries where company_id = $company
) as e on e.entry_id = p.subledger_entry_id and e.party = if(p.customer_no is null, 'supplier', 'customer')
where p.company_id = $company and p.posting_date between $first and $last
order by journal, p.voucher_no, p.voucher_id, p.posting_date, p.posting_id
