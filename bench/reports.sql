-- A company's books as raw rows, $rows postings over five years. They balance by voucher and mean nothing.

create temp table chart as
select
    range as n,
    case
        when range < 60 then 1000 + range * 16
        when range < 120 then 2000 + (range - 60) * 16
        when range < 160 then 3000 + (range - 120) * 10
        when range < 180 then 4000 + (range - 160) * 10
        else 5000 + (range - 180) * 30
    end::bigint as no
from range(300);

insert into raw_poweroffice.financial_settings by name
select 'a' as _source_id, date '2022-01-01' as conversion_date, 'December' as financial_year_end_month;

insert into raw_poweroffice.general_ledger_accounts by name
select
    'a' as _source_id,
    n as id,
    no as account_no,
    'Konto ' || no as name,
    case when no < 2000 then 'Asset' when no < 2060 then 'Equity' when no < 3000 then 'Liability'
        when no < 4000 then 'Income' else 'Expense' end as general_ledger_account_type
from chart;

insert into raw_poweroffice.account_transactions by name
with lines as (
    select
        range as i,
        range // 5 as voucher,
        range % 5 as line,
        date '2022-01-01' + ((range // 5 * 7919) % 1800)::integer as day,
        ((range // 5 * 31 % 100000) / 100.0)::decimal(18, 4) as amount
    from range($rows)
)
select
    'a' as _source_id,
    1 as _sync_id,
    i as id,
    day as posting_date,
    day as voucher_date,
    voucher + 1 as voucher_no,
    md5(voucher::varchar)::uuid as voucher_id,
    case voucher % 3 when 0 then 'OutgoingInvoice' when 1 then 'IncomingInvoice' else 'BankJournal' end as voucher_type,
    chart.no as account_no,
    if(line = 4, -4 * amount, amount) as amount,
    'NOK' as currency_code,
    if(line = 4, -4 * amount, amount) as currency_amount,
    'Tekst ' || (i % 1000) as description,
    if(line < 2, '3', '0') as vat_code,
    0.25 as vat_rate,
    if(line < 2, amount / 4, 0) as vat_amount,
    i % 50 as department_id,
    'D' || (i % 50) as department_code,
    i % 400 as project_id,
    'P' || (i % 400) as project_code,
    i % 300 as product_id,
    'X' || (i % 300) as product_code,
    1 as quantity
from lines
join chart on chart.n = (i * 7) % 300;

insert into raw_poweroffice.customer_ledger_entries by name
select
    'a' as _source_id,
    1 as _sync_id,
    range as id,
    10000 + range % 3000 as customer_account_no,
    date '2022-01-01' + ((range * 7919) % 1800)::integer as posting_date,
    date '2022-01-15' + ((range * 7919) % 1800)::integer as due_date,
    md5((range * 3)::varchar)::uuid as voucher_id,
    range * 3 + 1 as voucher_no,
    'OutgoingInvoice' as voucher_type,
    if(range % 2 = 0, 100, -100) as amount,
    0 as balance,
    range // 2 as match_id
from range($rows // 10);

insert into raw_poweroffice.supplier_ledger_entries by name
select
    _source_id, _sync_id, id, customer_account_no + 40000 as supplier_account_no, posting_date, due_date, voucher_id,
    voucher_no, voucher_type, -amount as amount, 0 as balance, match_id
from raw_poweroffice.customer_ledger_entries;

insert into raw_poweroffice.customers by name
select 'a' as _source_id, range as id, 10000 + range as number, 'Kunde ' || range as name from range(3000);

insert into raw_poweroffice.projects by name
select 'a' as _source_id, range as id, 'P' || range as code, 'Prosjekt ' || range as name from range(400);

insert into raw_poweroffice.products by name
select 'a' as _source_id, range as id, 'X' || range as code, 'Vare ' || range as name from range(300);

insert into raw_poweroffice.departments by name
select 'a' as _source_id, range as id, 'D' || range as code, 'Avdeling ' || range as name from range(50);

update tieout.streams set touched = touched + 1;
