-- What was booked on a customer or supplier by month. Report sign: invoiced and paid are positive, credit notes with what is paid.
select
    month,
    if($ledger = 'receivable', sum(debit), sum(credit)) as invoiced,
    if($ledger = 'receivable', sum(credit), sum(debit)) as paid
from core.postings
where list_contains($companies, company_id)
    and month between $first and $last
    and subledger_entry_id is not null
    and if($ledger = 'receivable', customer_no, supplier_no) = $party::bigint
group by month
order by month
