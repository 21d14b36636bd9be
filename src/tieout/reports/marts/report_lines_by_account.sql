-- Income statement and balance sheet in every layout, account by account and month, with the budget. Every account stands
-- once in each statement of a layout, or on its line unmapped. Report sign; the ledger_ columns have the ledger's.
-- A row leads to core.postings of the same company_id and account_no: of the month, or for a balance sheet up to its end.
--
-- layout_id: norwegian, or the id of an own layout
-- layout: its name
-- line: the line's name in code; unmapped for what no line takes
-- amount: income statement: the month; balance sheet: the balance at its end
-- budget: what was budgeted for the month; empty where nothing was
-- ledger_amount: amount with the ledger's sign
-- ledger_year_to_date: from the beginning of the fiscal year (balance sheet: the balance), ledger's sign;
--   empty where only a budget is there
-- ledger_budget: budget with the ledger's sign
with budgets as (
    select company_id, fiscal_year, period, month, account_no, sum(amount) as budget
    from core.budget_amounts
    group by all
),
results as (
    select
        coalesce(m.company_id, b.company_id) as company_id,
        coalesce(m.fiscal_year, b.fiscal_year) as fiscal_year,
        coalesce(m.period, b.period) as period,
        coalesce(m.month, b.month) as month,
        coalesce(m.account_no, b.account_no) as account_no,
        'income_statement' as statement,
        coalesce(m.movement, 0) as amount,
        m.this_year as year_to_date,
        b.budget
    from (select * from core.monthly_closings where is_result_account) as m
    full join budgets as b on b.company_id = m.company_id and b.month = m.month and b.account_no = m.account_no
),
balances as (
    select company_id, fiscal_year, period, month, account_no, 'balance_sheet' as statement, ever as amount,
        ever as year_to_date, null as budget
    from core.monthly_closings
)
select
    f.company_id,
    c.company,
    a.layout_id,
    a.layout,
    f.statement,
    f.fiscal_year,
    f.period,
    f.month,
    a.position,
    a.line,
    a.line_name,
    a.line_name_nb,
    f.account_no,
    a.account,
    (f.amount * a.sign)::decimal(18, 4) as amount,
    (f.budget * a.sign)::decimal(18, 4) as budget,
    f.amount::decimal(18, 4) as ledger_amount,
    f.year_to_date::decimal(18, 4) as ledger_year_to_date,
    f.budget::decimal(18, 4) as ledger_budget,
    c.as_of,
    c.verdict
from (select * from results union all by name select * from balances) as f
join core.companies as c on c.company_id = f.company_id
join core.account_lines as a
    on a.company_id = f.company_id and a.account_no = f.account_no and a.statement = f.statement
