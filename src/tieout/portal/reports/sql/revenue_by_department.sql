-- Revenue, cost of goods and margin of each department over a span of months, beside another span. Report sign: both positive.
select
    company_id,
    company,
    department_id as number,
    max(department) as label,
    coalesce(sum(revenue) filter (month between $first and $last), 0) as revenue,
    coalesce(sum(cost_of_goods) filter (month between $first and $last), 0) as cost_of_goods,
    coalesce(sum(gross_margin) filter (month between $first and $last), 0) as gross_margin,
    coalesce(sum(revenue) filter (month between $before_first and $before_last), 0) as before_revenue
from marts.revenue_by_department
where list_contains($companies, company_id)
    and (month between $first and $last or month between $before_first and $before_last)
group by company_id, company, number
order by revenue desc, label, company
