-- Every customer ($ledger receivable) or supplier (payable), also those that have left the register, with the balance on
-- each control account before the first day and after the last.
with register as (
    select 'receivable' as ledger, customer_no as party_no, customer_name as name, organisation_number
    from core.customers where company_id = $company
    union all
    select 'payable', supplier_no, supplier_name, organisation_number from core.suppliers where company_id = $company
),
entries as (
    select 'receivable' as ledger, customer_no as party_no, customer_name as name
    from core.receivable_entries where company_id = $company
    union all
    select 'payable', supplier_no, supplier_name from core.payable_entries where company_id = $company
),
posted as (
    select if($ledger = 'receivable', customer_no, supplier_no) as party_no, account_no, posting_date, amount
    from core.postings where company_id = $company
),
balances as (
    select
        p.party_no,
        p.account_no,
        sum(p.amount) filter (p.posting_date < $first) as opening,
        sum(p.amount) filter (p.posting_date <= $last) as closing
    from posted as p
    join core.control_accounts as c on c.company_id = $company and c.account_no = p.account_no and c.ledger = $ledger
    where p.party_no is not null
    group by all
),
named as (
    select party_no, max(name) as name from entries where ledger = $ledger group by all
),
used as (
    select party_no from posted where party_no is not null
    union
    select party_no from register where ledger = $ledger
)
select
    u.party_no,
    coalesce(nullif(r.name, ''), nullif(n.name, ''), u.party_no::varchar) as name,
    r.organisation_number,
    b.account_no,
    coalesce(b.opening, 0) as opening,
    coalesce(b.closing, 0) as closing
from used as u
left join register as r on r.ledger = $ledger and r.party_no = u.party_no
left join named as n on n.party_no = u.party_no
left join balances as b on b.party_no = u.party_no
order by u.party_no, b.account_no
