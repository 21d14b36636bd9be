-- The trial balance of every month: what each account held before, what moved, what it holds after. Ledger sign: debit
-- positive; times report_sign it is as a statement shows it. Result accounts restart each fiscal year. A month's
-- movements add up to zero where the books balance. Every account is there from the month of its first posting.
-- A row leads to core.postings of the same company_id, account_no and month.
--
-- opening: balance before the month's first day
-- movement: sum of the month's postings
-- closing: balance at the end of the month
-- year_to_date: sum of the postings from the beginning of the fiscal year
-- opening_of_year: balance before the fiscal year's first day; 0 for result accounts
-- postings: number of the month's postings
select
    s.company_id,
    c.company,
    s.fiscal_year,
    s.period,
    s.month,
    s.account_no,
    s.account,
    s.account_name,
    s.account_type,
    s.account_class,
    s.account_group,
    s.line,
    s.report_sign,
    (s.closing - s.movement)::decimal(18, 4) as opening,
    s.debit,
    s.credit,
    s.movement,
    s.closing,
    s.this_year as year_to_date,
    if(s.is_result_account, 0, s.ever - s.this_year)::decimal(18, 4) as opening_of_year,
    s.postings,
    c.as_of,
    c.verdict
from core.monthly_closings as s
join core.companies as c on c.company_id = s.company_id
