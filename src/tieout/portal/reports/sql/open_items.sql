-- What is open at the end of a day, oldest first: of one customer or supplier, or of all; of one age, or of any. Report sign:
-- what is owed is positive. Each row carries `items` and `total` of all.
with chosen as (
    select * from core.open_items($at::date)
    where ledger = $ledger
        and list_contains($companies, company_id)
        and ($party::bigint is null or party_no = $party::bigint)
        and ($age::varchar is null or age = $age::varchar)
)
select
    company_id, party_no, party, posting_date, due_date, voucher_no, voucher_id::varchar as voucher_id, invoice_no, days_overdue,
    if(ledger = 'payable', -amount, amount) as amount,
    if(ledger = 'payable', -open_amount, open_amount) as open_amount,
    count(*) over () as items,
    sum(if(ledger = 'payable', -open_amount, open_amount)) over () as total
from chosen
order by due_date, voucher_no, entry_id
limit $limit offset $offset
