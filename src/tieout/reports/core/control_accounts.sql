-- The ledger accounts that customers' and suppliers' entries are posted on.
--
-- ledger: receivable (customers) or payable (suppliers)
select * from staging.control_accounts
