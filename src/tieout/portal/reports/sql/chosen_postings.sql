-- The postings behind a figure. A filter that is null filters nothing. Ledger sign: debit positive.
-- What revenue counts as a customer's or department's is core.revenue_postings' to say, so it is asked, not repeated.
with on_lines as (
    select company_id, account_no
    from core.account_lines
    where layout_id = $layout and statement = $statement::varchar and list_contains($lines, line)
),
chosen as (
    select p.*
    from core.postings as p
    where list_contains($companies, p.company_id)
        and p.posting_date between coalesce($since::date, date '0001-01-01') and coalesce($until::date, date '9999-12-31')
        and ($account::bigint is null or p.account_no = $account::bigint)
        and ($vat_code::varchar is null or coalesce(p.vat_code, '') = $vat_code::varchar)
        and ($line::varchar is null or exists (
            select 1
            from on_lines as l
            where l.company_id = p.company_id and l.account_no = p.account_no
        ))
        and ($ledger::varchar is null or (
            p.subledger_entry_id is not null
            and if($ledger = 'receivable', p.customer_no, p.supplier_no) = $party::bigint
        ))
        and ($by::varchar is null or exists (
            select 1
            from core.revenue_postings as r
            where r.company_id = p.company_id
                and r.posting_id = p.posting_id
                and case $by::varchar
                    when 'customer' then r.customer_no
                    when 'project' then r.project_id
                    when 'department' then r.department_id
                    else r.product_id
                end is not distinct from $number::bigint
        ))
)
select
    c.company_id,
    k.company,
    c.posting_date,
    c.voucher_no,
    c.voucher_id::varchar as voucher_id,
    c.account_no,
    a.account,
    c.description,
    c.amount,
    count(*) over () as postings,
    sum(c.amount) over () as total
from chosen as c
join core.companies as k on k.company_id = c.company_id
left join core.accounts as a on a.company_id = c.company_id and a.account_no = c.account_no
order by c.posting_date, c.voucher_no, c.posting_id
limit $limit offset $offset
