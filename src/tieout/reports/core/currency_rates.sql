-- Rates of the currencies that were met, on the days they were asked for.
--
-- rate: company's currency for one unit of the currency
select * from staging.currency_rates
