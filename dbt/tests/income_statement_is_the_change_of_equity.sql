-- What was posted on equity itself put aside. The opening voucher brings the first year's.
with posted as (
    select company_id, month, -sum(this_year) as on_equity
    from {{ source('tieout_core', 'monthly_closings') }}
    where account_type = 'equity'
    group by company_id, month
),
first_year as (
    select company_id, min(fiscal_year) as fiscal_year from {{ source('tieout_core', 'postings') }} group by company_id
)
select b.company_id, b.month, b.balance - b.opening_of_year as change, i.year_to_date as result, p.on_equity
from {{ source('tieout_marts', 'balance_sheet') }} as b
join {{ source('tieout_marts', 'income_statement') }} as i
    on i.company_id = b.company_id and i.month = b.month and i.line = 'not_appropriated'
join first_year on first_year.company_id = b.company_id and b.fiscal_year > first_year.fiscal_year
left join posted as p on p.company_id = b.company_id and p.month = b.month
where b.line = 'total_equity' and b.balance - b.opening_of_year <> i.year_to_date + coalesce(p.on_equity, 0)
