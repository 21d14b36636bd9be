-- Each account's opening, movement and closing over a span of months, and over the span it is compared with.
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
)
select
    n.*,
    coalesce(s.opening, 0) as opening,
    coalesce(s.debit, 0) as debit,
    coalesce(s.credit, 0) as credit,
    coalesce(s.movement, 0) as movement,
    coalesce(s.closing, 0) as closing,
    coalesce(s.ever, 0) as ever,
    coalesce(s.before_movement, 0) as before_movement,
    coalesce(s.before_closing, 0) as before_closing,
    coalesce(s.before_ever, 0) as before_ever
from sums as s
join named as n on n.account_no = s.account_no
order by n.account_no
