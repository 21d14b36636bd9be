-- Every supplier, also those that have left the register, with the balance on each control account before and after.
with balances as (
    select
        p.supplier_no as party_no,
        p.account_no,
        sum(p.amount) filter (p.posting_date < $first) as opening,
        sum(p.amount) filter (p.posting_date <= $last) as closing
    from core.postings as p
    join core.control_accounts as c
        on c.company_id = p.company_id and c.account_no = p.account_no and c.ledger = 'payable'
    where p.company_id = $company and p.supplier_no is not null
    group by all
),
named as (
    select supplier_no as party_no, max(supplier_name) as name from core.payable_entries where company_id = $company group by all
),
used as (
    select distinct supplier_no as party_no from core.postings where company_id = $company and supplier_no is not null
    union
    select supplier_no from core.suppliers where company_id = $company
)
select
    u.party_no,
    coalesce(nullif(s.supplier_name, ''), nullif(n.name, ''), u.party_no::varchar) as name,
    s.organisation_number,
    b.account_no,
    coalesce(b.opening, 0) as opening,
    coalesce(b.closing, 0) as closing
from used as u
left join core.suppliers as s on s.company_id = $company and s.supplier_no = u.party_no
left join named as n on n.party_no = u.party_no
left join balances as b on b.party_no = u.party_no
order by u.party_no, b.account_no
