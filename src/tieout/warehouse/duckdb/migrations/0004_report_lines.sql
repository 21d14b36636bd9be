-- What a workspace's people add to the books: lines of reports of their own, and budgets.

-- An own layout of income statement and balance sheet. It belongs to the workspace, not to a company.
create table tieout.report_layouts (
    layout_id varchar not null,
    layout varchar not null,
    changed_at timestamptz not null
);

-- Its lines. `sums_from`: for a subtotal, the position of the first line of its statement that it adds up.
create table tieout.report_lines (
    layout_id varchar not null,
    statement varchar not null,
    position integer not null,
    line_name varchar not null,
    sign integer not null,
    sums_from integer
);

-- Which accounts a line takes, from and to included. 0 to 0 on a balance sheet: results that are not appropriated yet.
create table tieout.report_line_ranges (
    layout_id varchar not null,
    statement varchar not null,
    position integer not null,
    first_account bigint not null,
    last_account bigint not null
);

-- Budgeted amounts, debit positive as in the ledger. Codes are empty where the amount is the whole company's.
create table tieout.budget_amounts (
    source_id varchar not null,
    account_no bigint not null,
    month date not null,
    department_code varchar not null,
    project_code varchar not null,
    amount decimal(18, 4) not null,
    given_at timestamptz not null
);
