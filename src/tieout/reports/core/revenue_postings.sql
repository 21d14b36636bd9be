-- The postings that make the gross margin: income accounts' as revenue, cost of goods as cost. Report sign: both positive.
-- The customer is the one of the voucher; where it has none, the one of the project.
--
-- revenue: sales and other operating income
-- cost_of_goods: cost of goods
with customers_of_vouchers as (
    select company_id, voucher_id, max(customer_no) as customer_no
    from staging.receivable_entries
    group by company_id, voucher_id
    having min(customer_no) = max(customer_no)
)
select
    p.company_id,
    p.fiscal_year,
    p.period,
    p.month,
    p.posting_date,
    p.account_no,
    coalesce(p.customer_no, v.customer_no, pr.customer_no) as customer_no,
    p.product_id,
    p.product_code,
    p.project_id,
    p.project_code,
    coalesce(p.department_id, pr.department_id) as department_id,
    p.department_code,
    if(a.line = 'cost_of_goods', 0, -p.amount)::decimal(18, 4) as revenue,
    if(a.line = 'cost_of_goods', p.amount, 0)::decimal(18, 4) as cost_of_goods,
    p.quantity,
    p.voucher_no,
    p.posting_id
from core.postings as p
join core.accounts as a
    on a.company_id = p.company_id
    and a.account_no = p.account_no
    and a.line in ('sales_revenue', 'other_operating_income', 'cost_of_goods')
left join customers_of_vouchers as v on v.company_id = p.company_id and v.voucher_id = p.voucher_id
left join core.projects as pr on pr.company_id = p.company_id and pr.project_id = p.project_id
