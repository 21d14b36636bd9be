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
with balances as (
    select
        t.company_id,
        t.fiscal_year,
        t.period,
        t.month,
        sum(t.postings) as postings,
        sum(t.movement) as movement,
        -sum(t.movement) filter (l.position < 190) as revenue,
        -sum(t.movement) filter (l.position < 300) as operating_result,
        -sum(t.movement) filter (l.position < 590) as result,
        -sum(t.this_year) filter (l.position < 590) as result_to_date,
        sum(t.ever) filter (t.line = 'bank_and_cash') as bank_and_cash,
        sum(t.ever) filter (a.ledger = 'receivable') as receivables_on_account,
        -sum(t.ever) filter (a.ledger = 'payable') as payables_on_account,
        -sum(t.ever) filter (left(t.account_no::varchar, 3) in ('270', '271', '272', '273', '274')) as vat_owed
    from core.monthly_closings as t
    left join core.statement_lines as l on l.statement = 'income_statement' and t.is_result_account and l.line = t.line
    left join (
        select company_id, account_no, min(ledger) as ledger from core.control_accounts group by all
    ) as a on a.company_id = t.company_id and a.account_no = t.account_no
    group by all
),
entries as (
    select 'receivable' as ledger, company_id, month, sum(amount) as amount from core.receivable_entries group by all
    union all by name
    select 'payable' as ledger, company_id, month, sum(amount) as amount from core.payable_entries group by all
),
owed as (
    select
        b.company_id,
        b.month,
        sum(e.amount) filter (e.ledger = 'receivable') as receivables,
        -sum(e.amount) filter (e.ledger = 'payable') as payables
    from balances as b
    join entries as e on e.company_id = b.company_id and e.month <= b.month
    group by b.company_id, b.month
)
select
    b.company_id,
    c.company,
    b.fiscal_year,
    b.period,
    b.month,
    case
        when last_day(b.month) <= c.locked_until then 'locked'
        when b.month <= c.locked_until then 'partly locked'
        else 'open'
    end as state,
    b.postings::bigint as postings,
    coalesce(b.revenue, 0)::decimal(18, 4) as revenue,
    coalesce(b.operating_result, 0)::decimal(18, 4) as operating_result,
    coalesce(b.result, 0)::decimal(18, 4) as result,
    coalesce(b.result_to_date, 0)::decimal(18, 4) as result_to_date,
    coalesce(y.result_to_date, 0)::decimal(18, 4) as result_previous_year_to_date,
    coalesce(b.bank_and_cash, 0)::decimal(18, 4) as bank_and_cash,
    coalesce(o.receivables, 0)::decimal(18, 4) as receivables,
    coalesce(b.receivables_on_account, 0)::decimal(18, 4) as receivables_on_account,
    coalesce(o.payables, 0)::decimal(18, 4) as payables,
    coalesce(b.payables_on_account, 0)::decimal(18, 4) as payables_on_account,
    coalesce(b.vat_owed, 0)::decimal(18, 4) as vat_owed,
    (sum(b.movement) over (partition by b.company_id order by b.month))::decimal(18, 4) as balance_difference,
    (abs(coalesce(o.receivables, 0) - coalesce(b.receivables_on_account, 0))
        + abs(coalesce(o.payables, 0) - coalesce(b.payables_on_account, 0)))::decimal(18, 4) as subledger_difference,
    c.as_of,
    c.verdict
from balances as b
join core.companies as c on c.company_id = b.company_id
left join balances as y on y.company_id = b.company_id and y.month = (b.month - interval 1 year)::date
left join owed as o on o.company_id = b.company_id and o.month = b.month
