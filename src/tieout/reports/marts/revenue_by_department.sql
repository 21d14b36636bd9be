-- Revenue, cost of goods and gross margin by department and month. Report sign: revenue and cost positive.
-- All rows of a month add up to the income statement; what has no department is one row with an empty department_id.
-- A row leads to core.revenue_postings of the same company_id, month and department_id.
--
-- department: number or code and name; Not assigned where there is none
-- revenue: sales and other operating income
-- cost_of_goods: cost of goods
-- gross_margin: revenue less cost of goods
-- margin_share: gross margin as a share of revenue, 0 to 1; null without revenue
select
    r.company_id,
    c.company,
    r.fiscal_year,
    r.period,
    r.month,
    r.department_id,
    coalesce(max(d.department), max(r.department_code), 'Not assigned') as department,
    sum(r.revenue)::decimal(18, 4) as revenue,
    sum(r.cost_of_goods)::decimal(18, 4) as cost_of_goods,
    sum(r.revenue - r.cost_of_goods)::decimal(18, 4) as gross_margin,
    (sum(r.revenue - r.cost_of_goods) / nullif(sum(r.revenue), 0))::decimal(18, 4) as margin_share,
    c.as_of,
    c.verdict
from core.revenue_postings as r
join core.companies as c on c.company_id = r.company_id
left join core.departments as d on d.company_id = r.company_id and d.department_id = r.department_id
group by r.company_id, c.company, r.fiscal_year, r.period, r.month, r.department_id, c.as_of, c.verdict
