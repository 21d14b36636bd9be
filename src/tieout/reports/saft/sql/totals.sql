-- What the file must say before it lists it: transactions (a voucher's postings of a day), debits, credits, odd amounts.
select
    count(distinct (voucher_id, posting_date)) as transactions,
    coalesce(sum(amount) filter (amount > 0), 0) as debit,
    coalesce(-sum(amount) filter (amount < 0), 0) as credit,
    count(*) as lines,
    count(*) filter (amount <> round(amount, 2)) as not_whole,
    min(voucher_no) filter (amount <> round(amount, 2)) as such_voucher
from core.postings
where company_id = $company and posting_date between $first and $last
