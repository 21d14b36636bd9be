-- What one looks at when a month is closed, a row for each company and month. Report sign: results, receivables, payables
-- and VAT owed are positive as people say them.
--
-- state: locked, partly locked or open
-- postings: number of postings in the month
-- revenue: operating income of the month
-- operating_result: operating result of the month
-- result: annual result's share of the month, before appropriations
-- result_to_date: the same from the beginning of the fiscal year
-- result_previous_year_to_date: the same a year before
-- bank_and_cash: balance of bank and cash at the month's end
-- receivables: what customers owed at the month's end, by their ledger
-- receivables_on_account: the same by the control accounts
-- payables: what was owed to suppliers at the month's end, by their ledger
-- payables_on_account: the same by the control accounts
-- vat_owed: balance of the VAT accounts (27 up to 2749) at the month's end
-- balance_difference: assets less equity and debt: zero where the books balance
-- subledger_difference: what subledgers and control accounts differ in all: zero where they agree
with statement as (
    select
        company_id,
        month,
        sum(amount) filter (line = 'total_operating_income') as revenue,
        sum(amount) filter (line = 'operating_result') as operating_result,
        sum(amount) filter (line = 'annual_result') as result,
        sum(year_to_date) filter (line = 'annual_result') as result_to_date,
        sum(previous_year_to_date) filter (line = 'annual_result') as result_previous_year_to_date
    from marts.income_statement
    group by all
),
balances as (
    select
        t.company_id,
        t.month,
        sum(t.postings) as postings,
        sum(t.closing) filter (t.line = 'bank_and_cash') as bank_and_cash,
        sum(t.closing) filter (a.ledger = 'receivable') as receivables_on_account,
        -sum(t.closing) filter (a.ledger = 'payable') as payables_on_account,
        -sum(t.closing) filter (left(t.account_no::varchar, 3) in ('270', '271', '272', '273', '274')) as vat_owed
    from marts.trial_balance as t
    left join (
        select company_id, account_no, min(ledger) as ledger from core.control_accounts group by all
    ) as a on a.company_id = t.company_id and a.account_no = t.account_no
    group by t.company_id, t.month
),
sheet as (
    select
        company_id,
        month,
        sum(balance) filter (line = 'total_assets') - sum(balance) filter (line = 'total_equity_and_debt') as difference
    from marts.balance_sheet
    group by all
),
entries as (
    select 'receivable' as ledger, company_id, month, sum(amount) as amount from core.receivable_entries group by all
    union all by name
    select 'payable' as ledger, company_id, month, sum(amount) as amount from core.payable_entries group by all
),
owed as (
    select
        p.company_id,
        p.month,
        sum(e.amount) filter (e.ledger = 'receivable') as receivables,
        -sum(e.amount) filter (e.ledger = 'payable') as payables
    from core.periods as p
    join entries as e on e.company_id = p.company_id and e.month <= p.month
    where p.has_begun
    group by p.company_id, p.month
)
select
    p.company_id,
    c.company,
    p.fiscal_year,
    p.period,
    p.month,
    p.state,
    coalesce(b.postings, 0)::bigint as postings,
    coalesce(s.revenue, 0)::decimal(18, 4) as revenue,
    coalesce(s.operating_result, 0)::decimal(18, 4) as operating_result,
    coalesce(s.result, 0)::decimal(18, 4) as result,
    coalesce(s.result_to_date, 0)::decimal(18, 4) as result_to_date,
    coalesce(s.result_previous_year_to_date, 0)::decimal(18, 4) as result_previous_year_to_date,
    coalesce(b.bank_and_cash, 0)::decimal(18, 4) as bank_and_cash,
    coalesce(o.receivables, 0)::decimal(18, 4) as receivables,
    coalesce(b.receivables_on_account, 0)::decimal(18, 4) as receivables_on_account,
    coalesce(o.payables, 0)::decimal(18, 4) as payables,
    coalesce(b.payables_on_account, 0)::decimal(18, 4) as payables_on_account,
    coalesce(b.vat_owed, 0)::decimal(18, 4) as vat_owed,
    coalesce(h.difference, 0)::decimal(18, 4) as balance_difference,
    (abs(coalesce(o.receivables, 0) - coalesce(b.receivables_on_account, 0))
        + abs(coalesce(o.payables, 0) - coalesce(b.payables_on_account, 0)))::decimal(18, 4) as subledger_difference,
    c.as_of,
    c.verdict
from core.periods as p
join core.companies as c on c.company_id = p.company_id
left join statement as s on s.company_id = p.company_id and s.month = p.month
left join balances as b on b.company_id = p.company_id and b.month = p.month
left join sheet as h on h.company_id = p.company_id and h.month = p.month
left join owed as o on o.company_id = p.company_id and o.month = p.month
where p.has_begun
