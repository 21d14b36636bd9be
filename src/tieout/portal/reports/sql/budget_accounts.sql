-- The accounts that a budget may name.
select account_no, account_name, report_sign
from core.accounts
where list_contains($companies, company_id) and is_result_account
order by account_no
