-- Entries of the supplier ledger, with the ledger's sign: invoices negative, payments positive. Raw row: supplier_ledger_entries by entry_id.
select
    _source_id as company_id,
    id as entry_id,
    supplier_account_no as supplier_no,
    supplier_name,
    posting_date,
    voucher_date,
    due_date,
    voucher_id,
    voucher_no,
    lower(regexp_replace(voucher_type, '([a-z0-9])([A-Z])', '\1_\2', 'g')) as voucher_type,
    invoice_no,
    cid,
    amount,
    balance as open_amount,
    currency_code,
    currency_amount,
    match_id,
    coalesce(is_write_off, false) as is_write_off,
    project_id,
    department_id,
    last_changed_date_time_offset as changed_at
from raw_poweroffice.supplier_ledger_entries
