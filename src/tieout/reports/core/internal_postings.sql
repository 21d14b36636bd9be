-- Postings between companies of this workspace: on a customer or supplier that is another of them by organisation number,
-- and the income and expenses of vouchers with such a party. Ledger sign: debit positive.
--
-- counterparty_company_id: the company at the other end
-- kind: party (on the customer or supplier) or result (income or expense)
with parties as (
    select company_id, customer_no, null as supplier_no, workspace_company_id from core.customers
    where workspace_company_id is not null
    union all by name
    select company_id, null as customer_no, supplier_no, workspace_company_id from core.suppliers
    where workspace_company_id is not null
),
of_parties as (
    select p.*, w.workspace_company_id as counterparty_company_id, 'party' as kind
    from core.postings as p
    join parties as w on w.company_id = p.company_id and w.customer_no = p.customer_no
    union all by name
    select p.*, w.workspace_company_id as counterparty_company_id, 'party' as kind
    from core.postings as p
    join parties as w on w.company_id = p.company_id and w.supplier_no = p.supplier_no
),
vouchers as (
    select company_id, voucher_id, min(counterparty_company_id) as counterparty_company_id
    from of_parties
    group by company_id, voucher_id
    having min(counterparty_company_id) = max(counterparty_company_id)
),
of_results as (
    select p.*, v.counterparty_company_id, 'result' as kind
    from core.postings as p
    join vouchers as v on v.company_id = p.company_id and v.voucher_id = p.voucher_id
    join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no and a.is_result_account
    where not exists (select 1 from of_parties as o where o.company_id = p.company_id and o.posting_id = p.posting_id)
),
found as (
    select * from of_parties
    union all by name
    select * from of_results
)
select
    company_id,
    counterparty_company_id,
    kind,
    month,
    posting_date,
    account_no,
    voucher_id,
    voucher_no,
    voucher_type,
    customer_no,
    supplier_no,
    amount,
    description,
    posting_id
from found
