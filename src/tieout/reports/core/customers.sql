-- Customers, one row for each company and number.
--
-- customer_name: name
-- organisation_number: its nine digits, where it has one
-- workspace_company_id: the company of this workspace that it is, by organisation number; null for all others
select
    p.company_id,
    p.customer_id,
    p.customer_no,
    p.customer_name,
    concat_ws(' ', p.customer_no, p.customer_name) as customer,
    p.organisation_number,
    c.company_id as workspace_company_id,
    p.is_person,
    p.email_address,
    p.city,
    p.country_code,
    p.currency_code,
    p.is_active
from staging.customers as p
left join (
    select organisation_number, min(company_id) as company_id from core.companies group by all
) as c on c.organisation_number = p.organisation_number and c.company_id <> p.company_id
