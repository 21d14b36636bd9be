-- The group's trial balance: the workspace's companies added up by account and calendar month, with the part that is
-- between them. Ledger sign: debit positive. Closings are of all time, also for result accounts, since fiscal years may
-- differ from company to company. Companies: marts.trial_balance; what is between them: core.internal_postings.
--
-- movement: sum of the month's postings of all companies
-- internal_movement: the part of it that is between companies of the workspace
-- external_movement: the rest
-- closing: sum of all postings up to the month's end
-- internal_closing: the part of it that is between companies of the workspace
-- external_closing: the rest
-- companies: number of companies that have the account
select
    g.month,
    g.account_no,
    g.account,
    g.account_type,
    g.line,
    g.companies,
    g.movement,
    g.internal_movement,
    (g.movement - g.internal_movement)::decimal(18, 4) as external_movement,
    g.ever as closing,
    g.internal_ever as internal_closing,
    (g.ever - g.internal_ever)::decimal(18, 4) as external_closing,
    s.as_of,
    s.verdict
from core.group_closings as g
cross join core.group_status as s
