-- Every customer, also those that have left the register, with the balance on each control account before and after.
with balances as (
    select
        p.customer_no as party_no,
        p.account_no,
        sum(p.amount) filter (p.posting_date < $first) as opening,
        sum(p.amount) filter (p.posting_date <= $last) as closing
    from core.postings as p
    join core.control_accounts as c
        on c.company_id = p.company_id and c.account_no = p.account_no and c.ledger = 'receivable'
    where p.company_id = $company and p.customer_no is not null
    group by all
),
named as (
    select customer_no as party_no, max(customer_name) as name from core.receivable_entries where company_id = $company group by all
),
used as (
    select distinct customer_no as party_no from core.postings where company_id = $company and customer_no is not null
    union
    select customer_no from core.customers where company_id = $company
)
select
    u.party_no,
    coalesce(nullif(s.customer_name, ''), nullif(n.name, ''), u.party_no::varchar) as name,
    s.organisation_number,
    b.account_no,
    coalesce(b.opening, 0) as opening,
    coalesce(b.closing, 0) as closing
from used as u
left join core.customers as s on s.company_id = $company and s.customer_no = u.party_no
left join named as n on n.party_no = u.party_no
left join balances as b on b.party_no = u.party_no
order by u.party_no, b.account_no
