-- Of these syncs those of these companies that have ended, and when; nothing for one that runs, that is another's, or isn't there.
select id as sync, finished_at as at
from tieout.syncs
where list_contains($syncs, id) and finished_at is not null and list_contains($companies, source_id)
