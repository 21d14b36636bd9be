-- Entries of the customer ledger: invoices positive, payments and credit notes negative.
--
-- entry_id: id at the source; the raw row is raw_<connector>.customer_ledger_entries with that id
-- open_amount: what is left open now, the ledger's sign
-- match_id: entries with the same number settle each other
-- cid: payment reference (KID)
-- is_write_off: it wrote off a loss
select
    e.* replace (coalesce(e.customer_name, p.customer_name) as customer_name),
    date_trunc('month', e.posting_date)::date as month
from staging.receivable_entries as e
-- What an entry repeats of its customer may be hidden; a company is named in the register all the same.
left join staging.customers as p on p.company_id = e.company_id and p.customer_no = e.customer_no
