-- The postings behind a figure. A filter that is null filters nothing. Ledger sign: debit positive.
-- VAT codes, where asked for, come with the sign in which their VAT counts in the figure.
-- `accounts`, where asked for, are pairs of company and account, each with the fiscal year that counts (null: every year).
with accounts as (
    select unnest($key_companies::varchar[]) as company_id, unnest($key_accounts::bigint[]) as account_no,
        unnest($key_years::integer[]) as fiscal_year
),
vat_codes as (
    select unnest($vat_companies::varchar[]) as company_id, unnest($vat_codes::varchar[]) as vat_code,
        unnest($vat_signs::integer[]) as sign
),
chosen as (
    select
        p.company_id, p.posting_id, p.posting_date, p.voucher_no, p.voucher_id, p.account_no, p.description, p.vat_code,
        p.vat_amount * coalesce(v.sign, 1) as vat_amount, p.amount
    from core.postings as p
    left join vat_codes as v on v.company_id = p.company_id and v.vat_code = p.vat_code
    where list_contains($companies, p.company_id)
        and p.posting_date between coalesce($since::date, date '0001-01-01') and coalesce($until::date, date '9999-12-31')
        and ($account::bigint is null or p.account_no = $account::bigint)
        and ($vat_code::varchar is null or coalesce(p.vat_code, '') = $vat_code::varchar)
        and (not $has_vat or v.sign is not null)
        and (not $is_moved_vat or (p.voucher_no <> 0 and coalesce(p.voucher_type, '') <> 'vat_returns'))
        and (not $has_keys or exists (
            select 1
            from accounts as k
            where k.company_id = p.company_id
                and k.account_no = p.account_no
                and coalesce(k.fiscal_year, p.fiscal_year) = p.fiscal_year
        ))
        and ($ledger::varchar is null or (
            p.subledger_entry_id is not null
            and if($ledger = 'receivable', p.customer_no, p.supplier_no) = $party::bigint
        ))
        and ($tag::varchar is null or case $tag::varchar
            when 'project' then p.project_id
            when 'department' then p.department_id
            else p.product_id
        end = $number::bigint)
),
added_up as (
    select count(*) as postings, sum(amount) as total, sum(vat_amount) as vat_total from chosen
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
    p.vat_code,
    p.vat_amount,
    p.amount,
    t.postings,
    t.total,
    t.vat_total
from page as p
cross join added_up as t
left join staging.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
order by p.posting_date, p.voucher_no, p.posting_id
