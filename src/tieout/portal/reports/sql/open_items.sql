-- What a customer or supplier has open at the end of a day, oldest first. Report sign: what is owed is positive.
select
    posting_date, due_date, voucher_no, voucher_id::varchar as voucher_id, invoice_no, days_overdue,
    if(ledger = 'payable', -amount, amount) as amount,
    if(ledger = 'payable', -open_amount, open_amount) as open_amount
from core.open_items($at::date)
where ledger = $ledger and party_no = $party::bigint and list_contains($companies, company_id)
order by due_date, voucher_no
