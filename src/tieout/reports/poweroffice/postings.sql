-- Every posting of the books. Raw row: account_transactions by posting_id.
select
    _source_id as company_id,
    id as posting_id,
    posting_date,
    voucher_id,
    voucher_no,
    case voucher_type -- a regular expression here would cost a third of a second for a million postings
        when 'IncomingInvoice' then 'incoming_invoice'
        when 'OutgoingInvoice' then 'outgoing_invoice'
        when 'BankJournal' then 'bank_journal'
        when 'ManualJournal' then 'manual_journal'
        when 'IncomingOcrGiro' then 'incoming_ocr_giro'
        when 'PayrollJournal' then 'payroll_journal'
        when 'IncomingCreditNote' then 'incoming_credit_note'
        when 'OutgoingCreditNote' then 'outgoing_credit_note'
        when 'IncomingBankRemittance' then 'incoming_bank_remittance'
        when 'Expense' then 'expense'
        when 'CashJournal' then 'cash_journal'
        when 'IncomingPayments' then 'incoming_payments'
        when 'OutgoingPayments' then 'outgoing_payments'
        when 'YearEndJournal' then 'year_end_journal'
        when 'VatReturns' then 'vat_returns'
        when 'OutgoingPaymentReminder' then 'outgoing_payment_reminder'
        when 'OutgoingNoticeOfDebtCollection' then 'outgoing_notice_of_debt_collection'
        when 'OutgoingPaymentDemand' then 'outgoing_payment_demand'
        when 'OutgoingWarrantOfExecution' then 'outgoing_warrant_of_execution'
        when 'CorrectionVoucher' then 'correction_voucher'
        when 'ReversalVoucher' then 'reversal_voucher'
        when 'DepreciationJournal' then 'depreciation_journal'
        when 'TravelExpense' then 'travel_expense'
        when 'Settlement' then 'settlement'
        when 'NegativeSettlement' then 'negative_settlement'
        when 'SystemGeneratedDocumentationVoucher' then 'system_generated_documentation_voucher'
        when 'Unknown' then 'unknown'
        else lower(regexp_replace(voucher_type, '([a-z0-9])([A-Z])', '\1_\2', 'g'))
    end as voucher_type,
    voucher_date,
    account_no,
    amount,
    currency_code,
    currency_amount,
    coalesce(description, voucher_description) as description,
    nullif(vat_code, '0') as vat_code,
    vat_rate,
    vat_amount,
    customer_account_no as customer_no,
    supplier_account_no as supplier_no,
    employee_account_no as employee_no,
    department_id,
    department_code,
    project_id,
    project_code,
    product_id,
    product_code,
    location_id,
    location_code,
    dim1_id,
    dim1_code,
    dim2_id,
    dim2_code,
    dim3_id,
    dim3_code,
    quantity,
    sub_ledger_entry_id as subledger_entry_id,
    coalesce(is_reversed, false) as is_reversed,
    reversed_voucher_no,
    correction_of_voucher_no as corrected_voucher_no,
    created_date_time_offset as created_at,
    last_changed_date_time_offset as changed_at,
    _sync_id as sync_id
from raw_poweroffice.account_transactions
