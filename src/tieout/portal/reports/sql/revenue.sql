-- Revenue, cost of goods and margin of each customer, project, department or product over a span of months, beside another
-- span. Report sign: both positive.
with sums as (
    select
        company_id,
        case $by::varchar
            when 'customer' then customer_no
            when 'project' then project_id
            when 'department' then department_id
            else product_id
        end as number,
        coalesce(sum(revenue) filter (month between $first and $last), 0) as revenue,
        coalesce(sum(cost_of_goods) filter (month between $first and $last), 0) as cost_of_goods,
        coalesce(sum(revenue) filter (month between $before_first and $before_last), 0) as before_revenue
    from core.revenue_postings
    where list_contains($companies, company_id)
        and (month between $first and $last or month between $before_first and $before_last)
    group by all
),
names as (
    select 'customer' as kind, company_id, customer_no as number, concat_ws(' ', customer_no, customer_name) as label
    from staging.customers
    union all
    select 'project', company_id, project_id, concat_ws(' ', project_code, project_name) from staging.projects
    union all
    select 'department', company_id, department_id, concat_ws(' ', department_code, department_name) from staging.departments
    union all
    select 'product', company_id, product_id, concat_ws(' ', product_code, product_name) from staging.products
)
select
    s.company_id, s.number, coalesce(n.label, s.number::varchar) as label, s.revenue, s.cost_of_goods,
    s.revenue - s.cost_of_goods as gross_margin, s.before_revenue
from sums as s
left join names as n on n.kind = $by::varchar and n.company_id = s.company_id and n.number = s.number
order by s.revenue desc, label, s.company_id
