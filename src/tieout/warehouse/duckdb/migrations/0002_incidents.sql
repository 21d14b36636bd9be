-- What was wrong, since when, what was mended, and where each company's data stand now.

-- One row per company, rewritten by each tie-out. `since`: the first tie-out of the unbroken run with this verdict.
create table tieout.data_status (
    source_id varchar not null,
    name varchar not null,
    organisation_number varchar not null,
    as_of timestamptz,
    checked_at timestamptz not null,
    verdict varchar not null,
    since timestamptz not null,
    proved_at timestamptz,
    lock_date date,
    newest_posting date,
    reason varchar,
    tie_out_id bigint not null
);

-- A time during which stored books were not the source's. Never deleted: a mended one stays.
create table tieout.incidents (
    id bigint not null,
    source_id varchar not null,
    tie_out_id bigint not null,
    sync_id bigint,
    opened_at timestamptz not null,
    closed_at timestamptz,
    state varchar not null,
    proved_at timestamptz,
    first_date date,
    last_date date,
    requests bigint not null
);

-- What an incident comes to, by account and voucher. The sum by account and `until` is the difference there.
create table tieout.incident_findings (
    incident_id bigint not null,
    source_id varchar not null,
    position integer not null,
    shape varchar not null,
    "check" varchar not null,
    month date,
    posting_date date,
    account_no bigint,
    voucher_no bigint,
    stored decimal(28, 4) not null,
    vendor decimal(28, 4) not null,
    difference decimal(28, 4) not null,
    other_date date,
    other_account_no bigint,
    is_mended boolean not null
);

insert into tieout.numbers values ('incident', 0);
