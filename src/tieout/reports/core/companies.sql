-- The companies of this workspace: whose books, how their year goes, how fresh they are and whether they are proved.
--
-- company: its name
-- connector: the accounting system, and so the schema of its raw rows: raw_<connector>
-- fiscal_year_end_month: the month (1-12) with which its fiscal years end
-- books_from: the first day on which anything can be posted; what was before lies in one opening voucher the day before
-- locked_until: nothing can be posted on this day or before
-- is_vat_registered: whether it reports VAT
-- vat_term_months: months in a VAT term (1, 2, 3, 6 or 12)
-- verdict_at: when the books were last held against the source's own balances (UTC)
-- proved_at: when they were last proved (UTC)
-- as_of_date: as_of as a date (UTC)
with synced as (
    select source_id, max(finished_at) as as_of
    from tieout.syncs
    where outcome in ('succeeded', 'incomplete')
    group by all
)
select
    c.*,
    coalesce(d.as_of, s.as_of) as as_of,
    (coalesce(d.as_of, s.as_of) at time zone 'UTC')::date as as_of_date,
    d.verdict,
    d.checked_at as verdict_at,
    d.proved_at
from staging.companies as c
left join synced as s on s.source_id = c.company_id
left join tieout.data_status as d on d.source_id = c.company_id
