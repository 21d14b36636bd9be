-- Result accounts by month beside what was budgeted for them. Report sign: income and costs positive.
-- Accounts with a budget or postings; a row leads to core.postings of the same company_id, account_no and month.
-- What of a budget is a department's or project's: core.budget_amounts.
--
-- line: line of the statement after the Norwegian Accounting Act; own ones: marts.report_lines_by_account
-- amount: the month
-- budget: what was budgeted for the month; 0 where the account has no budget in it
-- deviation: amount less budget
-- deviation_share: deviation as a share of the budget, 1 is 100 %; empty where nothing was budgeted
select
    r.company_id,
    r.company,
    r.fiscal_year,
    r.period,
    r.month,
    r.position,
    r.line,
    r.line_name,
    r.account_no,
    r.account,
    r.amount,
    coalesce(r.budget, 0)::decimal(18, 4) as budget,
    (r.amount - coalesce(r.budget, 0))::decimal(18, 4) as deviation,
    ((r.amount - r.budget) / nullif(abs(r.budget), 0))::decimal(18, 4) as deviation_share,
    r.as_of,
    r.verdict
from marts.report_lines_by_account as r
where r.layout_id = 'norwegian' and r.statement = 'income_statement'
