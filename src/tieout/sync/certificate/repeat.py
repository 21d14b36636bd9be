"""The SQL that repeats a certificate: plain DuckDB over the published copy, offline, with the certified figures inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tieout.ledger.convention import Convention
from tieout.warehouse.as_of import FINGERPRINT, postings
from tieout.warehouse.base import Sums
from tieout.warehouse.sql import literal, quoted

HEAD = """-- Repeats certificate {number} of {name} ({organisation}), {date}.
--
-- Where: a copy of the folder "published" of the workspace, and DuckDB 1.5 or newer. No network, no Tieout:
--
--     duckdb -readonly published.duckdb -c ".read {file}"
--
-- If the folder was moved, first put its place here and take the two dashes away:
-- set variable tieout_folder = '/new/place/current';
--
-- It reads the postings as they stood when sync {sync} had ended, sums them by account as the certificate says, and holds each
-- sum against the certified one. It can't ask the accounting system again: the vendor's column is what the certificate states.
"""
NOTHING = """-- Certificate {number} of {name} ({organisation}) compared no ledger, so there are no sums to repeat.
select 'no ledger was compared' as result;
"""
BODY = """
create or replace temp table certified (account_no bigint, name varchar, ledger_sum decimal(28, 4), vendor decimal(28, 4));
insert into certified values
{accounts};

create or replace temp table repeated as
with postings as (
{postings}
),{fingerprint},
result_accounts(account_no) as (select unnest({result}::bigint[])),
parts as (
{parts}
),
sums as (select account_no, sum(amount) as amount from parts group by 1)
select coalesce(c.account_no, s.account_no) as account_no, c.name,
       c.ledger_sum as certified, coalesce(s.amount, 0)::decimal(28, 4) as repeated, c.vendor,
       coalesce(s.amount, 0)::decimal(28, 4) - coalesce(c.ledger_sum, 0) as apart,
       (select rows from fingerprint) as rows_now, (select digest from fingerprint) as fingerprint_now
from certified c full join sums s using (account_no)
where c.account_no is not null or s.amount <> 0;

-- Every account, what does not repeat first.
select account_no, name, certified, repeated, apart, vendor, certified - vendor as difference_certified
from repeated order by abs(apart) desc, account_no;

-- The answer.
select case when count(*) filter (abs(apart) >= {tolerance}) = 0 and min(fingerprint_now) = {sha256}
            then 'REPEATS: every sum and the fingerprint of the postings are as certified'
            when count(*) filter (abs(apart) >= {tolerance}) = 0
            then 'SUMS REPEAT, and the postings behind them are not the certified ones'
            else 'DOES NOT REPEAT: see the accounts above' end as result,
       count(*) as accounts, count(*) filter (abs(apart) >= {tolerance}) as accounts_apart,
       {rows} as rows_certified, min(rows_now) as rows_repeated,
       {sha256} as fingerprint_certified, min(fingerprint_now) as fingerprint_repeated
from repeated;
"""


def repeat_sql(content: Mapping[str, Any], file: str) -> str:
    """The SQL file of a certificate. `file` is what it will be called."""
    source, ledger = content["source"], content["ledger"]
    told = {
        "number": content["number"],
        "name": _in_comment(source["name"]),
        "organisation": _in_comment(source["organisation_number"]),
        "date": ledger and ledger["date"],
        "sync": content["tie_out"]["sync"],
        "file": file,
    }
    if not ledger:
        return NOTHING.format(**told)
    return HEAD.format(**told) + BODY.format(
        accounts=",\n".join(_accounts(ledger["accounts"])),
        postings=_postings(content),
        fingerprint=FINGERPRINT,
        result=[int(no) for no in ledger["parameters"]["result_accounts"]],
        parts="\nunion all\n".join(_parts(ledger["parameters"])),
        tolerance=ledger["parameters"]["tolerance"],
        rows=int(ledger["postings"]["rows"]),
        sha256=literal(ledger["postings"]["sha256"]),
    )


def _accounts(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"    ({int(row['account_no'])}, {literal(row['name'])}, {row['stored']}, {row['vendor']})"


def _postings(content: Mapping[str, Any]) -> str:
    ledger, source = content["ledger"], content["source"]
    held = ledger["postings"]
    voucher, posted, account, amount = held["columns"]
    schema, stream = f"raw_{source['connector']}", held["stream"]
    return postings(
        f"{quoted(schema)}.{quoted(stream)}",
        f"{quoted(schema)}.{quoted(stream + '_versions')}",
        Sums(stream, account, amount, posted),
        voucher,
        source_id=source["id"],
        sync=int(content["tie_out"]["sync"]),
        until=date.fromisoformat(ledger["date"]),
    )


def _parts(parameters: Mapping[str, Any]) -> Iterator[str]:
    """What an account's balance is made of, by the convention that was met."""
    convention = Convention.of(parameters["convention"])
    year = f"date '{date.fromisoformat(parameters['fiscal_year_from']).isoformat()}'"
    of_result = "account_no in (select account_no from result_accounts)"
    if convention.restarts:
        yield f"    select account_no, amount from postings where not {of_result} or posting_date >= {year}"  # noqa: S608 - a date of ours
    else:
        yield "    select account_no, amount from postings"
    if convention.carried_to is not None:
        yield (
            f"    -- earlier years' results stand on this account\n    select {int(convention.carried_to)}, amount "  # noqa: S608
            f"from postings where {of_result} and posting_date < {year}"
        )
    for number, value in parameters["opening_of_trial_balance"]:
        yield f"    -- the opening balance is no voucher: as the trial balance had it\n    select {int(number)}, {value}"


def _in_comment(words: str) -> str:
    return " ".join(words.split())
