-- Rates of currencies that were met. Raw row: currency_rates by currency_code and rate_date.
select
    _source_id as company_id,
    currency_code,
    date as rate_date,
    (exchange_rate / coalesce(nullif(exchange_base, 0), 1))::decimal(28, 10) as rate
from raw_poweroffice.currency_rates
where exchange_rate is not null
