-- What each pair of companies owes one another at the end of a day, by the books of either. Report sign: what is owed to
-- the company by the other is positive.
with sums as (
    select company_id, counterparty_company_id as other_id, sum(amount) as balance
    from core.internal_postings
    where kind = 'party'
        and list_contains($companies, company_id)
        and list_contains($companies, counterparty_company_id)
        and posting_date <= $at::date
    group by all
),
pairs as (
    select company_id, other_id from sums
    union
    select other_id, company_id from sums
)
select
    p.company_id,
    p.other_id,
    coalesce(s.balance, 0) as balance,
    -coalesce(t.balance, 0) as by_other,
    coalesce(s.balance, 0) + coalesce(t.balance, 0) as difference
from pairs as p
left join sums as s on s.company_id = p.company_id and s.other_id = p.other_id
left join sums as t on t.company_id = p.other_id and t.other_id = p.company_id
where p.company_id < p.other_id
order by p.company_id, p.other_id
