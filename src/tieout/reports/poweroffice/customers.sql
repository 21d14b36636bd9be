-- The customers. Raw row: customers by customer_id.
select
    _source_id as company_id,
    id as customer_id,
    number as customer_no,
    coalesce(name, legal_name, nullif(concat_ws(' ', first_name, last_name), '')) as customer_name,
    nullif(regexp_replace(coalesce(organization_number, ''), '[^0-9]', '', 'g'), '') as organisation_number,
    coalesce(is_person, false) as is_person,
    email_address,
    mail_address ->> '$.City' as city,
    mail_address ->> '$.CountryCode' as country_code,
    currency_code,
    coalesce(is_active, true) and not coalesce(is_archived, false) as is_active
from raw_poweroffice.customers
qualify row_number() over (partition by _source_id, number order by is_archived nulls first, id) = 1
