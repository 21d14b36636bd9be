-- What all accounts moved in a month is what was posted in it.
select company_id, month, sum(movement) as movement, sum(amount) as posted
from (
    select company_id, account_no, month, movement, 0 as amount from {{ source('tieout_marts', 'trial_balance') }}
    union all by name
    select company_id, account_no, month, 0 as movement, amount from {{ source('tieout_core', 'postings') }}
)
group by company_id, account_no, month
having sum(movement) <> sum(amount)
