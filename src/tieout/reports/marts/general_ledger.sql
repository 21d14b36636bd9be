-- The general ledger: every posting with the names of what it is tagged with. Ledger sign: debit positive.
-- A row is one posting; its raw row is raw_<connector>.account_transactions with posting_id as id.
-- marts.account_statement(company_id, account_no, first_day, last_day) gives one account with its running balance.
--
-- posting_id: id at the source
-- dim1: value of the company's first own dimension, as in core.dimensions
-- dim2: value of its second
-- dim3: value of its third
select
    p.company_id,
    c.company,
    p.fiscal_year,
    p.period,
    p.month,
    p.posting_date,
    p.account_no,
    a.account,
    p.voucher_no,
    p.voucher_type,
    p.voucher_date,
    p.description,
    p.amount,
    p.debit,
    p.credit,
    p.currency_code,
    p.currency_amount,
    p.vat_code,
    p.vat_amount,
    coalesce(cu.customer, p.customer_no::varchar) as customer,
    coalesce(su.supplier, p.supplier_no::varchar) as supplier,
    coalesce(de.department, p.department_code) as department,
    coalesce(pr.project, p.project_code) as project,
    coalesce(po.product, p.product_code) as product,
    coalesce(lo.location, p.location_code) as location,
    p.dim1_code as dim1,
    p.dim2_code as dim2,
    p.dim3_code as dim3,
    p.quantity,
    p.is_reversed,
    p.created_at,
    p.voucher_id,
    p.posting_id,
    c.as_of,
    c.verdict
from core.postings as p
join core.companies as c on c.company_id = p.company_id
left join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
left join core.customers as cu on cu.company_id = p.company_id and cu.customer_no = p.customer_no
left join core.suppliers as su on su.company_id = p.company_id and su.supplier_no = p.supplier_no
left join core.departments as de on de.company_id = p.company_id and de.department_id = p.department_id
left join core.projects as pr on pr.company_id = p.company_id and pr.project_id = p.project_id
left join core.products as po on po.company_id = p.company_id and po.product_id = p.product_id
left join core.locations as lo on lo.company_id = p.company_id and lo.location_id = p.location_id
