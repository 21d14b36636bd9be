-- One customer or supplier of one company.
with parties as (
    select 'receivable' as ledger, company_id, customer_no as number, customer as party, organisation_number, email_address, city,
        is_active
    from core.customers
    union all
    select 'payable', company_id, supplier_no, supplier, organisation_number, email_address, city, is_active
    from core.suppliers
)
select p.*, c.company, c.currency_code, c.as_of, c.verdict, c.verdict_at, c.as_of_date
from parties as p
join core.companies as c on c.company_id = p.company_id
where p.ledger = $ledger and p.number = $party::bigint and list_contains($companies, p.company_id)
