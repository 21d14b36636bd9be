-- Each account's opening, movement and closing over a span of months, and over the span it is compared with.
-- With what was budgeted for the first span. `line` is an account's own in a layout, `balance_line` the one it stands on
-- in a balance sheet, where results not appropriated yet are a line (account 0 of own lines).
-- Ledger sign: debit positive. Result accounts restart with each company's own fiscal year; `ever` does not restart.
with months as (
    select
        m.*,
        a.is_result_account,
        -- The first month of the fiscal year that each span's end and beginning lie in.
        ($first::date - to_months(((month($first::date) - c.fiscal_year_end_month + 11) % 12)::integer))::date as year_of_first,
        ($last::date - to_months(((month($last::date) - c.fiscal_year_end_month + 11) % 12)::integer))::date as year_of_last,
        ($before_last::date - to_months(((month($before_last::date) - c.fiscal_year_end_month + 11) % 12)::integer))::date
            as year_of_before
    from core.monthly_balances as m
    join core.companies as c on c.company_id = m.company_id
    join core.accounts as a on a.company_id = m.company_id and a.account_no = m.account_no
    where list_contains($companies, m.company_id) and m.month <= greatest($last::date, $before_last::date)
),
sums as (
    select
        account_no,
        sum(movement) filter (month < $first and (not is_result_account or month >= year_of_first)) as opening,
        sum(debit) filter (month between $first and $last) as debit,
        sum(credit) filter (month between $first and $last) as credit,
        sum(movement) filter (month between $first and $last) as movement,
        sum(movement) filter (month <= $last and (not is_result_account or month >= year_of_last)) as closing,
        sum(movement) filter (month <= $last) as ever,
        sum(movement) filter (month between $before_first and $before_last) as before_movement,
        sum(movement) filter (month <= $before_last and (not is_result_account or month >= year_of_before)) as before_closing,
        sum(movement) filter (month <= $before_last) as before_ever
    from months
    group by account_no
),
budgets as (
    select account_no, sum(amount) as budget
    from tieout.budget_amounts
    where list_contains($companies, source_id) and month between $first and $last
    group by account_no
),
named as (
    select
        account_no,
        any_value(account order by company_id) as account,
        any_value(line order by company_id) as line,
        any_value(is_result_account order by company_id) as is_result_account,
        bool_and(is_in_chart) as is_in_chart
    from core.accounts
    where list_contains($companies, company_id)
    group by account_no
),
looked_up as (
    select *, if(is_result_account, 'income_statement', 'balance_sheet') as statement from named
)
select
    n.account_no,
    n.account,
    n.is_result_account,
    n.is_in_chart,
    coalesce(o.line, if($layout = 'norwegian', n.line, 'unmapped')) as line,
    case
        when not n.is_result_account then coalesce(o.line, if($layout = 'norwegian', n.line, 'unmapped'))
        else coalesce(r.line, if($layout = 'norwegian', 'unappropriated_result', 'unmapped'))
    end as balance_line,
    b.budget,
    coalesce(s.opening, 0) as opening,
    coalesce(s.debit, 0) as debit,
    coalesce(s.credit, 0) as credit,
    coalesce(s.movement, 0) as movement,
    coalesce(s.closing, 0) as closing,
    coalesce(s.ever, 0) as ever,
    coalesce(s.before_movement, 0) as before_movement,
    coalesce(s.before_closing, 0) as before_closing,
    coalesce(s.before_ever, 0) as before_ever
from looked_up as n
left join sums as s on s.account_no = n.account_no
left join budgets as b on b.account_no = n.account_no
left join core.own_line_ranges as o
    on o.layout_id = $layout and o.statement = n.statement and n.account_no between o.first_account and o.last_account
left join core.own_line_ranges as r on r.layout_id = $layout and r.statement = 'balance_sheet' and r.last_account = 0
where s.account_no is not null or b.account_no is not null
order by n.account_no
