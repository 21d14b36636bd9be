-- What of each account's figures is between the chosen companies: candidates for elimination. Ledger sign: debit positive.
-- Result accounts restart with each company's own fiscal year in `closing`; `ever` does not restart.
select
    i.account_no,
    coalesce(sum(i.amount) filter (i.month between $first and $last), 0) as movement,
    coalesce(sum(i.amount) filter (
        i.kind = 'party'
        or year(i.month) + if(month(i.month) > c.fiscal_year_end_month, 1, 0)
            = year($last::date) + if(month($last::date) > c.fiscal_year_end_month, 1, 0)
    ), 0) as closing,
    sum(i.amount) as ever
from core.internal_postings as i
join core.companies as c on c.company_id = i.company_id
where list_contains($companies, i.company_id)
    and list_contains($companies, i.counterparty_company_id)
    and i.month <= $last
group by i.account_no
