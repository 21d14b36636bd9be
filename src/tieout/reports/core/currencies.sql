-- Currencies that a company may use.
select * from staging.currencies
