-- The first and the last day with a posting, by company.
--
-- first_posting: the first day with a posting, the opening voucher included
-- last_posting: the last day with a posting
select company_id, min(posting_date) as first_posting, max(posting_date) as last_posting
from staging.postings
group by all
