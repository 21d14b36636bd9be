-- The postings that make a customer's, project's, department's or product's revenue and cost of goods, as
-- core.revenue_postings counts them. Ledger sign: debit positive.
with chosen as (
    select company_id, posting_id, posting_date, voucher_no, account_no, cost_of_goods - revenue as amount
    from core.revenue_postings
    where list_contains($companies, company_id)
        and posting_date between coalesce($since::date, date '0001-01-01') and coalesce($until::date, date '9999-12-31')
        and case $by::varchar
            when 'customer' then customer_no
            when 'project' then project_id
            when 'department' then department_id
            else product_id
        end is not distinct from $number::bigint
        and (not $has_keys or list_contains($key_accounts::bigint[], account_no))
),
added_up as (
    select count(*) as postings, sum(amount) as total from chosen
),
page as (
    select * from chosen order by posting_date, voucher_no, posting_id limit $limit offset $offset
)
select
    p.company_id,
    p.posting_date,
    p.voucher_no,
    s.voucher_id::varchar as voucher_id,
    p.account_no,
    concat_ws(' ', p.account_no, a.account_name) as account,
    s.description,
    s.vat_code,
    s.vat_amount,
    p.amount,
    t.postings,
    t.total,
    null as vat_total
from page as p
cross join added_up as t
left join staging.postings as s on s.company_id = p.company_id and s.posting_id = p.posting_id
left join staging.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
order by p.posting_date, p.voucher_no, p.posting_id
