-- What one looks at when a month is closed, companies added up. Report sign. A group's month is locked where every company's is.
select
    month,
    if(count(distinct state) = 1, max(state), 'partly locked') as state,
    sum(postings) as postings,
    sum(revenue) as revenue,
    sum(operating_result) as operating_result,
    sum(result) as result,
    sum(bank_and_cash) as bank_and_cash,
    sum(receivables) as receivables,
    sum(payables) as payables,
    sum(vat_owed) as vat_owed,
    sum(abs(balance_difference)) as balance_difference,
    sum(abs(subledger_difference)) as subledger_difference
from marts.month_end
where list_contains($companies, company_id) and month between $first and $last
group by month
order by month
