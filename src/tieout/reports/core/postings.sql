-- Every posting of the books, one row each. Ledger sign: debit positive. A voucher's postings sum to zero.
-- Names lie in the tables beside it (accounts, departments, ...), joined by company_id and number or id.
--
-- posting_id: id at the source; the raw row is raw_<connector>.account_transactions with that id
-- debit: the amount where it is positive, else 0
-- credit: minus the amount where it is negative, else 0
-- created_at: when it was posted
-- changed_at: when the source last changed it
-- subledger_entry_id: the customer's or supplier's entry it made: entry_id of receivable_entries or payable_entries
-- is_reversed: its voucher was reversed by another
-- reversed_voucher_no: the voucher that this one reverses
-- corrected_voucher_no: the voucher that this one corrects
select
    p.*,
    greatest(p.amount, 0) as debit,
    greatest(-p.amount, 0) as credit,
    date_trunc('month', p.posting_date)::date as month,
    (year(p.posting_date) + if(month(p.posting_date) > c.fiscal_year_end_month, 1, 0))::integer as fiscal_year,
    ((month(p.posting_date) - c.fiscal_year_end_month + 11) % 12 + 1)::integer as period
from staging.postings as p
join staging.companies as c on c.company_id = p.company_id
