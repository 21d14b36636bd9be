-- What the warehouse knows of itself. Every table carries source_id, so that a source can be deleted for good.
-- No primary keys: they double a DuckDB file and cost a third of a load; writers delete before they insert.

create schema tieout;

create table tieout.schema_version (version integer not null, applied_at timestamptz not null);

-- The last number given out, by kind. Numbers are never used twice, not even after a source was deleted.
create table tieout.numbers (name varchar not null, last bigint not null);
insert into tieout.numbers values ('sync', 0), ('tie_out', 0);

create table tieout.sources (
    source_id varchar not null,
    connector varchar not null,
    name varchar not null,
    organisation_number varchar not null
);

create table tieout.syncs (
    id bigint not null,
    source_id varchar not null,
    kind varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    outcome varchar,
    reason varchar,
    rows bigint not null default 0,
    requests bigint not null default 0,
    throttled bigint not null default 0
);

-- What a sync did to a stream.
create table tieout.sync_streams (
    sync_id bigint not null,
    source_id varchar not null,
    stream varchar not null,
    state varchar not null,
    reason varchar,
    rows bigint not null,
    new bigint not null,
    changed bigint not null,
    removed bigint not null,
    requests bigint not null,
    read_at timestamptz not null
);

-- Where a stream stands. `touched` counts the loads that changed something: the published copy follows it.
create table tieout.streams (
    source_id varchar not null,
    stream varchar not null,
    position integer not null,
    state varchar not null,
    reason varchar,
    rows bigint not null default 0,
    newest date,
    touched bigint not null default 0,
    filled bigint not null default 0,
    to_fill bigint not null default 0,
    last_attempt_at timestamptz,
    last_success_at timestamptz
);

create table tieout.cursors (
    source_id varchar not null,
    stream varchar not null,
    kind varchar not null,
    value varchar not null,
    sync_id bigint not null
);

-- Records whose own question (the lines of an invoice) has been answered, also when the answer was empty.
create table tieout.answered_parents (
    source_id varchar not null,
    stream varchar not null,
    parent varchar not null,
    sync_id bigint not null
);

-- Keys that one complete scan did not see; a second one removes their rows.
create table tieout.missing_keys (
    source_id varchar not null,
    stream varchar not null,
    key varchar not null,
    sync_id bigint not null
);

create table tieout.tie_outs (
    id bigint not null,
    source_id varchar not null,
    sync_id bigint,
    made_at timestamptz not null,
    verdict varchar not null
);

create table tieout.tie_out_checks (
    tie_out_id bigint not null,
    source_id varchar not null,
    position integer not null,
    "check" varchar not null,
    date date not null,
    compared bigint not null,
    outcome varchar not null,
    reason varchar
);

create table tieout.tie_out_differences (
    tie_out_id bigint not null,
    source_id varchar not null,
    position integer not null,
    "check" varchar not null,
    date date not null,
    stream varchar,
    account_no bigint,
    party_no bigint,
    voucher_no bigint,
    stored decimal(28, 4) not null,
    vendor decimal(28, 4) not null,
    difference decimal(28, 4) not null
);

create table tieout.tie_out_streams (
    tie_out_id bigint not null,
    source_id varchar not null,
    position integer not null,
    stream varchar not null,
    grade varchar not null,
    date date not null,
    holds boolean,
    filling boolean not null
);
