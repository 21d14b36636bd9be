-- What was booked on a customer or supplier by year. Ledger sign: debit positive.
select fiscal_year, count(*) as postings, sum(debit) as debit, sum(credit) as credit
from core.postings
where list_contains($companies, company_id)
    and subledger_entry_id is not null
    and if($ledger = 'receivable', customer_no, supplier_no) = $party::bigint
group by fiscal_year
order by fiscal_year desc
