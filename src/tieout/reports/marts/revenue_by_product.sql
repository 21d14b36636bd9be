-- Revenue, cost of goods and gross margin by product and month. Report sign: revenue and cost positive.
-- All rows of a month add up to the income statement; what has no product is one row with an empty product_id.
-- A row leads to core.revenue_postings of the same company_id, month and product_id.
--
-- product: number or code and name; Not assigned where there is none
-- revenue: sales and other operating income
-- quantity: sum of what the postings count
-- product_group: label of the product's group
-- cost_of_goods: cost of goods
-- gross_margin: revenue less cost of goods
-- margin_share: gross margin as a share of revenue, 0 to 1; null without revenue
select
    r.company_id,
    c.company,
    r.fiscal_year,
    r.period,
    r.month,
    r.product_id,
    coalesce(max(d.product), max(r.product_code), 'Not assigned') as product,
    coalesce(max(d.product_group), 'Not assigned') as product_group,
    sum(r.quantity)::decimal(28, 4) as quantity,
    sum(r.revenue)::decimal(18, 4) as revenue,
    sum(r.cost_of_goods)::decimal(18, 4) as cost_of_goods,
    sum(r.revenue - r.cost_of_goods)::decimal(18, 4) as gross_margin,
    (sum(r.revenue - r.cost_of_goods) / nullif(sum(r.revenue), 0))::decimal(18, 4) as margin_share,
    c.as_of,
    c.verdict
from core.revenue_postings as r
join core.companies as c on c.company_id = r.company_id
left join core.products as d on d.company_id = r.company_id and d.product_id = r.product_id
group by r.company_id, c.company, r.fiscal_year, r.period, r.month, r.product_id, c.as_of, c.verdict
