select * from {{ source('tieout_marts', 'trial_balance') }}
where opening + movement <> closing or debit - credit <> movement
