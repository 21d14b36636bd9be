-- Movement of each account by month, from postings. Ledger sign: debit positive. Months without postings are left out.
--
-- movement: sum of the month's postings
-- postings: number of postings
select
    company_id,
    account_no,
    month,
    sum(amount)::decimal(18, 4) as movement,
    sum(debit)::decimal(18, 4) as debit,
    sum(credit)::decimal(18, 4) as credit,
    count(*) as postings
from core.postings
group by company_id, account_no, month
