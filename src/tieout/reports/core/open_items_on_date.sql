-- What customers and suppliers had open at the end of a day, entry by entry; null: each company's as_of date.
-- Ledger sign: receivables positive, payables negative. The sum is the control accounts' balance on that day.
-- A group of entries that settle each other and were all posted by then is open as the source says; of any other group
-- the oldest debt counts as settled first.
--
-- parameters: on_date
with entries as (
    select 'receivable' as ledger, customer_no as party_no, customer_name as party_name, e.* exclude (customer_no, customer_name, month)
    from core.receivable_entries as e
    union all by name
    select 'payable' as ledger, supplier_no as party_no, supplier_name as party_name, e.* exclude (supplier_no, supplier_name, month)
    from core.payable_entries as e
),
grouped as (
    select
        e.*,
        coalesce(on_date, c.as_of_date) as at_date,
        coalesce(e.match_id, -e.entry_id) as match_group
    from entries as e
    join core.companies as c on c.company_id = e.company_id
),
groups as (
    select
        ledger,
        company_id,
        match_group,
        sum(amount) filter (posting_date <= at_date) as left_of_group,
        bool_and(posting_date <= at_date) and sum(amount) = sum(open_amount) as is_as_told
    from grouped
    group by all
    having bool_or(posting_date <= at_date)
),
posted as (
    select e.*, g.left_of_group, g.is_as_told
    from grouped as e
    join groups as g
        on g.ledger = e.ledger and g.company_id = e.company_id and g.match_group = e.match_group
    where e.posting_date <= e.at_date and (not g.is_as_told or e.open_amount <> 0)
),
shared as (
    select
        *,
        coalesce(sum(amount) over (
            partition by ledger, company_id, match_group, amount > 0
            order by coalesce(due_date, posting_date) desc, posting_date desc, entry_id desc
            rows between unbounded preceding and 1 preceding
        ), 0) as newer
    from posted
),
opened as (
    select
        *,
        case
            when is_as_told then open_amount
            when left_of_group > 0 and amount > 0 then least(amount, greatest(0, left_of_group - newer))
            when left_of_group < 0 and amount < 0 then greatest(amount, least(0, left_of_group - newer))
            else 0
        end::decimal(18, 4) as open_on_date
    from shared
)
select
    ledger,
    company_id,
    at_date,
    entry_id,
    party_no,
    party_name,
    concat_ws(' ', party_no, party_name) as party,
    posting_date,
    due_date,
    voucher_id,
    voucher_no,
    voucher_type,
    invoice_no,
    amount,
    open_on_date as open_amount,
    currency_code,
    greatest(at_date - coalesce(due_date, posting_date), 0)::integer as days_overdue,
    case
        when at_date <= coalesce(due_date, posting_date) then 'not due'
        when at_date - coalesce(due_date, posting_date) <= 30 then '1-30'
        when at_date - coalesce(due_date, posting_date) <= 60 then '31-60'
        when at_date - coalesce(due_date, posting_date) <= 90 then '61-90'
        else 'over 90'
    end as age
from opened
where open_on_date <> 0
