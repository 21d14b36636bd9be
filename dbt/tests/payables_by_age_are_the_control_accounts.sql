-- What all ages add up to is what stands on the control accounts on that day.
with aged as (
    select company_id, max(at_date) as at_date, sum(total) as total
    from {{ source('tieout_marts', 'payables_by_age') }}
    group by company_id
)
select aged.company_id, aged.total, coalesce(-sum(amount), 0) as on_account
from aged
left join {{ source('tieout_core', 'postings') }} as p
    on p.company_id = aged.company_id and p.posting_date <= aged.at_date
    and p.account_no in (
        select account_no from {{ source('tieout_core', 'control_accounts') }} as c
        where c.company_id = p.company_id and c.ledger = 'payable'
    )
group by all
having aged.total <> coalesce(-sum(amount), 0)
