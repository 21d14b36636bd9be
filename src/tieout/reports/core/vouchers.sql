-- Vouchers, one row each, added up from their postings.
--
-- postings: number of postings
-- reversed_voucher_no: the voucher that this one reverses
-- corrected_voucher_no: the voucher that this one corrects
-- first_posting_date: earliest posting date of its postings
-- last_posting_date: latest posting date of its postings
-- voucher_total: sum of its debits
-- difference: sum of its postings: zero, but for an opening voucher
-- created_at: when it was posted
select
    company_id,
    voucher_id,
    voucher_no,
    voucher_type,
    voucher_date,
    count(*) as postings,
    min(posting_date) as first_posting_date,
    max(posting_date) as last_posting_date,
    sum(debit)::decimal(18, 4) as voucher_total,
    sum(amount)::decimal(18, 4) as difference,
    max(customer_no) as customer_no,
    max(supplier_no) as supplier_no,
    bool_or(is_reversed) as is_reversed,
    max(reversed_voucher_no) as reversed_voucher_no,
    max(corrected_voucher_no) as corrected_voucher_no,
    min(created_at) as created_at
from core.postings
group by company_id, voucher_id, voucher_no, voucher_type, voucher_date
