-- Customers, suppliers, projects, departments or products whose number or name holds a text, whether or not they have figures.
select company_id, number, label
from (
    select 'customer' as kind, company_id, customer_no as number, concat_ws(' ', customer_no, customer_name) as label
    from staging.customers
    union all
    select 'supplier', company_id, supplier_no, concat_ws(' ', supplier_no, supplier_name) from staging.suppliers
    union all
    select 'project', company_id, project_id, concat_ws(' ', project_code, project_name) from staging.projects
    union all
    select 'department', company_id, department_id, concat_ws(' ', department_code, department_name) from staging.departments
    union all
    select 'product', company_id, product_id, concat_ws(' ', product_code, product_name) from staging.products
)
where kind = $by::varchar and list_contains($companies, company_id) and contains(lower(label), lower($search))
order by label, company_id
limit 1000
