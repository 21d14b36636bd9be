-- What companies of this workspace owe one another, as either of the two has it in its books. Report sign: what is owed to
-- company_id by the other is positive.
--
-- counterparty_company_id: the company at the other end
-- counterparty: its name
-- balance: what the other owes by company_id's books
-- balance_at_counterparty: the same by the other's books
-- difference: zero where the two agree
with sums as (
    select company_id, counterparty_company_id, sum(amount) as balance
    from core.internal_postings
    where kind = 'party'
    group by all
),
pairs as (
    select company_id, counterparty_company_id from sums
    union
    select counterparty_company_id as company_id, company_id as counterparty_company_id from sums
)
select
    p.company_id,
    c.company,
    p.counterparty_company_id,
    o.company as counterparty,
    coalesce(s.balance, 0)::decimal(18, 4) as balance,
    (-coalesce(t.balance, 0))::decimal(18, 4) as balance_at_counterparty,
    (coalesce(s.balance, 0) + coalesce(t.balance, 0))::decimal(18, 4) as difference,
    g.as_of,
    g.verdict
from pairs as p
join core.companies as c on c.company_id = p.company_id
join core.companies as o on o.company_id = p.counterparty_company_id
left join sums as s on s.company_id = p.company_id and s.counterparty_company_id = p.counterparty_company_id
left join sums as t on t.company_id = p.counterparty_company_id and t.counterparty_company_id = p.company_id
cross join core.group_status as g
