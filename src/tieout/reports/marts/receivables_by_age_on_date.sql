-- What each customer had open at the end of a day, by age; null: each company's as_of date. Report sign: what is owed is
-- positive. The whole is the control accounts' balance on that day.
--
-- parameters: on_date
select
    o.company_id,
    c.company,
    o.at_date,
    o.party_no as customer_no,
    max(o.party) as customer,
    coalesce(sum(o.open_amount) filter (o.age = 'not due'), 0)::decimal(18, 4) as not_due,
    coalesce(sum(o.open_amount) filter (o.age = '1-30'), 0)::decimal(18, 4) as overdue_1_to_30,
    coalesce(sum(o.open_amount) filter (o.age = '31-60'), 0)::decimal(18, 4) as overdue_31_to_60,
    coalesce(sum(o.open_amount) filter (o.age = '61-90'), 0)::decimal(18, 4) as overdue_61_to_90,
    coalesce(sum(o.open_amount) filter (o.age = 'over 90'), 0)::decimal(18, 4) as overdue_more_than_90,
    (sum(o.open_amount))::decimal(18, 4) as total,
    max(o.days_overdue) as oldest_days_overdue,
    count(*) as open_items,
    c.as_of,
    c.verdict
from core.open_items(on_date) as o
join core.companies as c on c.company_id = o.company_id
where o.ledger = 'receivable'
group by o.company_id, c.company, o.at_date, o.party_no, c.as_of, c.verdict
