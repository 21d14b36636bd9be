select posting_id from {{ source('tieout_core', 'postings') }} as p
full join {{ source('tieout_marts', 'general_ledger') }} as l using (company_id, posting_id)
where p.amount is distinct from l.amount
