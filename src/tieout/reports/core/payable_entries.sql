-- Entries of the supplier ledger: invoices negative, payments and credit notes positive.
--
-- entry_id: id at the source; the raw row is raw_<connector>.supplier_ledger_entries with that id
-- open_amount: what is left open now, the ledger's sign
-- match_id: entries with the same number settle each other
-- cid: payment reference (KID)
-- is_write_off: it wrote off a loss
select
    e.* replace (coalesce(e.supplier_name, p.supplier_name) as supplier_name),
    date_trunc('month', e.posting_date)::date as month
from staging.payable_entries as e
-- What an entry repeats of its supplier may be hidden; a company is named in the register all the same.
left join staging.suppliers as p on p.company_id = e.company_id and p.supplier_no = e.supplier_no
