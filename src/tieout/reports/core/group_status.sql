-- How fresh and how proved the workspace's companies are as one.
--
-- as_of: the oldest of the companies' last syncs (UTC)
-- verdict: proved where every company is; not_proved where one is not; else could_not_check
-- companies: number of companies
select
    min(as_of) as as_of,
    case
        when bool_or(verdict = 'not_proved') then 'not_proved'
        when bool_and(coalesce(verdict = 'proved', false)) then 'proved'
        else 'could_not_check'
    end as verdict,
    count(*) as companies
from core.companies
