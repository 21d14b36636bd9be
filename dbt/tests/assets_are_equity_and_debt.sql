-- But for what an opening voucher does not balance.
with apart as (
    select company_id, month,
        sum(balance) filter (line = 'total_assets') - sum(balance) filter (line = 'total_equity_and_debt') as difference
    from {{ source('tieout_marts', 'balance_sheet') }}
    group by company_id, month
),
opening as (
    select company_id, sum(amount) as difference
    from {{ source('tieout_core', 'postings') }}
    where voucher_no = 0
    group by company_id
)
select apart.* from apart left join opening using (company_id)
where apart.difference <> coalesce(opening.difference, 0)
