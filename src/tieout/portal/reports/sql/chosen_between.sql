-- Postings between companies, as core.internal_postings marks them. Ledger sign: debit positive.
-- `accounts`, where asked for, are pairs of company and account, each with the fiscal year that counts (null: every year).
with accounts as (
    select unnest($key_companies::varchar[]) as company_id, unnest($key_accounts::bigint[]) as account_no,
        unnest($key_years::integer[]) as fiscal_year
),
chosen as (
    select i.company_id, i.posting_id, i.posting_date, i.voucher_no, i.voucher_id, i.account_no, i.description, i.amount
    from core.internal_postings as i
    where list_contains($companies, i.company_id)
        and list_contains($others, i.counterparty_company_id)
        and i.posting_date between coalesce($since::date, date '0001-01-01') and coalesce($until::date, date '9999-12-31')
        and ($account::bigint is null or i.account_no = $account::bigint)
        and ($kind::varchar is null or i.kind = $kind::varchar)
        and (not $has_keys or exists (
            select 1
            from accounts as k
            join core.companies as c on c.company_id = k.company_id
            where k.company_id = i.company_id
                and k.account_no = i.account_no
                and (k.fiscal_year is null
                    or k.fiscal_year = year(i.month) + if(month(i.month) > c.fiscal_year_end_month, 1, 0))
        ))
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
    p.voucher_id::varchar as voucher_id,
    p.account_no,
    concat_ws(' ', p.account_no, a.account_name) as account,
    p.description,
    null as vat_code,
    null as vat_amount,
    p.amount,
    t.postings,
    t.total,
    null as vat_total
from page as p
cross join added_up as t
left join staging.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
order by p.posting_date, p.voucher_no, p.posting_id
