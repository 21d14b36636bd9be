-- The months of each company's books, from the fiscal year of the first posting to the end of the current one.
--
-- period: number of the month in its fiscal year, from 1
-- fiscal_year_label: 2025, or 2025/2026 where the year does not end in December
-- first_day: first day of the month
-- last_day: last day of the month
-- is_locked: nothing can be posted in this month any more
-- state: locked, partly locked (the lock date lies in the month) or open
-- has_begun: the month has begun by as_of (before the first complete sync: by the last posting)
-- is_first_period: the fiscal year begins with it
-- vat_term: the VAT term the month lies in: year and number
-- vat_term_first_day: first day of that term
-- vat_term_last_day: last day of that term
-- previous_year_month: the same month a year before, for comparison
with span as (
    select
        c.*,
        date_trunc('month', p.first_posting)::date as first_month,
        date_trunc('month', coalesce(c.as_of_date, p.last_posting))::date as this_month,
        date_trunc('month', greatest(p.last_posting, coalesce(c.as_of_date, p.last_posting)))::date as last_month
    from core.companies as c
    join core.posting_span as p on p.company_id = c.company_id
),
whole_years as (
    select
        *,
        -- Months that have passed of the fiscal year that a month lies in: 0 in its first.
        (first_month - to_months(((month(first_month) - fiscal_year_end_month + 11) % 12)::integer))::date as from_month,
        (last_month + to_months((11 - (month(last_month) - fiscal_year_end_month + 11) % 12)::integer))::date as to_month
    from span
),
months as (
    select *, unnest(generate_series(from_month, to_month, interval 1 month))::date as month from whole_years
)
select
    company_id,
    month,
    (year(month) + if(month(month) > fiscal_year_end_month, 1, 0))::integer as fiscal_year,
    ((month(month) - fiscal_year_end_month + 11) % 12 + 1)::integer as period,
    if(
        fiscal_year_end_month = 12,
        year(month)::varchar,
        concat(year(month) + if(month(month) > fiscal_year_end_month, 0, -1), '/',
               year(month) + if(month(month) > fiscal_year_end_month, 1, 0))
    ) as fiscal_year_label,
    month as first_day,
    last_day(month) as last_day,
    coalesce(last_day(month) <= locked_until, false) as is_locked,
    case
        when last_day(month) <= locked_until then 'locked'
        when month <= locked_until then 'partly locked'
        else 'open'
    end as state,
    month <= this_month as has_begun,
    (month(month) - fiscal_year_end_month + 11) % 12 = 0 as is_first_period,
    concat(year(month), '-', (month(month) - 1) // vat_term_months + 1) as vat_term,
    make_date(year(month), ((month(month) - 1) // vat_term_months) * vat_term_months + 1, 1) as vat_term_first_day,
    last_day(make_date(year(month), ((month(month) - 1) // vat_term_months + 1) * vat_term_months, 1))
        as vat_term_last_day,
    (month - interval 1 year)::date as previous_year_month
from months
