-- Ledger accounts: one row for each company and account number, with its place in NS 4102 and in the statements.
-- An account that has postings and is missing in the chart is listed too, by its number.
--
-- account_type: asset, liability, equity, income or expense
-- is_result_account: income or expense: restarts each fiscal year
-- usual_vat_code: the VAT code it is usually posted with
-- locked_to_currency: the only currency it takes
-- is_in_chart: false where it has postings and the chart of accounts lacks it
with posted as (
    select distinct company_id, account_no from staging.postings
),
all_accounts as (
    select *, true as is_in_chart from staging.accounts
    union all by name
    select p.company_id, p.account_no, 'Unknown account' as account_name, true as is_active, false as is_in_chart
    from posted as p
    where not exists (
        select 1 from staging.accounts as a where a.company_id = p.company_id and a.account_no = p.account_no
    )
),
typed as (
    select
        * replace (coalesce(
            account_type,
            case left(account_no::varchar, 1)
                when '1' then 'asset'
                when '2' then if(left(account_no::varchar, 2) = '20', 'equity', 'liability')
                when '3' then 'income'
                else 'expense'
            end
        ) as account_type),
        try_cast(left(account_no::varchar, 1) as integer) as account_class,
        try_cast(left(account_no::varchar, 2) as integer) as account_group,
        try_cast(left(account_no::varchar, 3) as integer) as first_digits
    from all_accounts
),
lined as (
    select
        t.*,
        coalesce(r.line, case t.account_type
            when 'asset' then 'other_receivables'
            when 'equity' then 'retained_equity'
            when 'liability' then 'other_short_term_debt'
            when 'income' then 'other_operating_income'
            else 'other_operating_expenses'
        end) as line
    from typed as t
    left join core.line_ranges as r
        on r.account_type = t.account_type and t.first_digits between r.first and r.last
)
select
    a.company_id,
    a.account_no,
    a.account_name,
    concat_ws(' ', a.account_no, a.account_name) as account,
    a.account_type,
    a.account_type in ('income', 'expense') as is_result_account,
    if(a.account_type in ('asset', 'expense'), 1, -1) as report_sign,
    a.account_class,
    c.class_name,
    a.account_group,
    g.group_name,
    s.statement,
    s.position as line_position,
    a.line,
    s.line_name,
    a.usual_vat_code,
    a.locked_to_currency,
    a.is_active,
    a.is_in_chart,
    a.account_id
from lined as a
left join core.account_classes as c on c.account_class = a.account_class
left join core.account_groups as g on g.account_group = a.account_group
left join core.statement_lines as s on s.line = a.line
