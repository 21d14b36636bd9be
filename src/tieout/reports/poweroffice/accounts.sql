-- The chart of accounts. Raw row: general_ledger_accounts by account_id.
select
    _source_id as company_id,
    id as account_id,
    account_no,
    name as account_name,
    lower(general_ledger_account_type) as account_type,
    vat_code as usual_vat_code,
    currency_code as locked_to_currency,
    coalesce(is_active, true) as is_active
from raw_poweroffice.general_ledger_accounts
qualify row_number() over (partition by _source_id, account_no order by is_active desc nulls last, id) = 1
