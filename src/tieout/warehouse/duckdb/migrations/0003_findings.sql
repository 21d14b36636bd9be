-- Findings of other checks than the ledger's name a party or a stream; a tie-out tells how the trial balance was formed.

alter table tieout.incident_findings add column party_no bigint;
alter table tieout.incident_findings add column stream varchar;
alter table tieout.tie_outs add column convention varchar;
