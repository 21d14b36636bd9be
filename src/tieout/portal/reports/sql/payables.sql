-- What each supplier has open by age at the end of a day. Report sign: what is owed is positive.
select
    company_id, company, supplier_no as number, supplier as party, not_due, overdue_1_to_30, overdue_31_to_60, overdue_61_to_90,
    overdue_more_than_90, total, oldest_days_overdue
from marts.payables_by_age($at::date)
where list_contains($companies, company_id)
order by total desc, company, number
