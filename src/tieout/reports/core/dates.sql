-- Every day of each company's books, with its place in the fiscal year.
--
-- date: the day
-- period: number of the month in its fiscal year, from 1
-- quarter: number of the quarter in its fiscal year, 1 to 4
-- weekday: 1 (Monday) to 7 (Sunday)
-- is_locked: nothing can be posted on this day any more
-- vat_term: the VAT term the day lies in: year and number
select
    p.company_id,
    d.date,
    p.month,
    p.fiscal_year,
    p.fiscal_year_label,
    p.period,
    (p.period - 1) // 3 + 1 as quarter,
    isodow(d.date) as weekday,
    coalesce(d.date <= c.locked_until, false) as is_locked,
    p.vat_term
from core.periods as p
join core.companies as c on c.company_id = p.company_id,
lateral (select unnest(generate_series(p.first_day, p.last_day, interval 1 day))::date as date) as d
