-- The ledger accounts behind the subledgers. Raw row: sub_ledger_number_series.
select distinct
    _source_id as company_id,
    case sub_ledger_number_series_type when 'Customer' then 'receivable' else 'payable' end as ledger,
    general_ledger_account_no as account_no
from raw_poweroffice.sub_ledger_number_series
where sub_ledger_number_series_type in ('Customer', 'Supplier') and general_ledger_account_no is not null
