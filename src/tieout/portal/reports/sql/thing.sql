-- One project, department or product of one company: what it is called, and what it belongs to.
with things as (
    select 'project' as kind, p.company_id, p.project_id as number, p.project as label, c.customer, d.department, p.main_project,
        p.start_date, p.end_date, p.budgeted_revenue, p.fixed_price, null as unit_price, null as unit_cost
    from core.projects as p
    left join core.customers as c on c.company_id = p.company_id and c.customer_no = p.customer_no
    left join core.departments as d on d.company_id = p.company_id and d.department_id = p.department_id
    union all by name
    select 'department' as kind, company_id, department_id as number, department as label from core.departments
    union all by name
    select 'product' as kind, company_id, product_id as number, product as label, product_group as main_project, unit_price, unit_cost
    from core.products
)
select k.company_id, k.company, k.currency_code, k.as_of, k.as_of_date, k.verdict, k.verdict_at,
    coalesce(t.label, $number::bigint::varchar) as party, t.* exclude (kind, company_id, number, label)
from core.companies as k
left join things as t on t.company_id = k.company_id and t.kind = $by::varchar and t.number = $number::bigint
where list_contains($companies, k.company_id)
