-- The ledger is held against the source's trial balance per department and project too.
alter table tieout.tie_out_differences add column dimension varchar;
