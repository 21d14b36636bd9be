-- Revenue, cost of goods and gross margin by project and month. Report sign: revenue and cost positive.
-- All rows of a month add up to the income statement; what has no project is one row with an empty project_id.
-- A row leads to core.revenue_postings of the same company_id, month and project_id.
--
-- project: number or code and name; Not assigned where there is none
-- revenue: sales and other operating income
-- main_project: label of the topmost project above it
-- cost_of_goods: cost of goods
-- gross_margin: revenue less cost of goods
-- margin_share: gross margin as a share of revenue, 0 to 1; null without revenue
select
    r.company_id,
    c.company,
    r.fiscal_year,
    r.period,
    r.month,
    r.project_id,
    coalesce(max(d.project), max(r.project_code), 'Not assigned') as project,
    coalesce(max(d.main_project), max(r.project_code), 'Not assigned') as main_project,
    sum(r.revenue)::decimal(18, 4) as revenue,
    sum(r.cost_of_goods)::decimal(18, 4) as cost_of_goods,
    sum(r.revenue - r.cost_of_goods)::decimal(18, 4) as gross_margin,
    (sum(r.revenue - r.cost_of_goods) / nullif(sum(r.revenue), 0))::decimal(18, 4) as margin_share,
    c.as_of,
    c.verdict
from core.revenue_postings as r
join core.companies as c on c.company_id = r.company_id
left join core.projects as d on d.company_id = r.company_id and d.project_id = r.project_id
group by r.company_id, c.company, r.fiscal_year, r.period, r.month, r.project_id, c.as_of, c.verdict
