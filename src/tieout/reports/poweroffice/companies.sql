-- The companies whose books are read, with how their calendar goes.
select
    s.source_id as company_id,
    s.connector,
    s.organisation_number,
    coalesce(nullif(s.name, ''), o.name, s.organisation_number) as company,
    coalesce(f.currency_code, 'NOK') as currency_code,
    coalesce(
        try_cast(f.financial_year_end_month as integer),
        month(try_strptime(f.financial_year_end_month, '%B')),
        12
    )::integer as fiscal_year_end_month,
    f.conversion_date as books_from,
    l.lock_date as locked_until,
    coalesce(v.is_vat_registered, false) as is_vat_registered,
    case v.vat_period
        when 'Yearly' then 12 when 'HalfYearly' then 6 when 'Quarterly' then 3
        when 'Monthly' then 1 when 'HalfMonthly' then 1 when 'Weekly' then 1
        else 2
    end as vat_term_months
from tieout.sources as s
left join raw_poweroffice.organization_settings as o on o._source_id = s.source_id
left join raw_poweroffice.financial_settings as f on f._source_id = s.source_id
left join raw_poweroffice.lock_date_settings as l on l._source_id = s.source_id
left join raw_poweroffice.vat_settings as v on v._source_id = s.source_id
where s.connector = 'poweroffice'
