"""Postings as they stood when a sync had ended, in SQL: what the warehouse asks and what an auditor runs are one text.

Every statement reads `postings(voucher_no, posting_date, account_no, amount)`, which `postings` makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tieout.warehouse.base import Sums
from tieout.warehouse.sql import literal, quoted

# One line a posting, "voucher|date|account|amount", amounts with four decimals; lines in order of their bytes. A SHA-256 by
# month of them, and one of the months' own ("2026-10 412 <sha256>"), so that books of any size need little memory.
FINGERPRINT = """
lines as (
    select strftime(posting_date, '%Y-%m') as month,
           concat_ws('|', coalesce(voucher_no::varchar, ''), posting_date::varchar, account_no::varchar,
                     amount::decimal(28, 4)::varchar) as line
    from postings
),
months as (
    select month, count(*) as rows, sha256(string_agg(line, chr(10) order by line)) as digest from lines group by month
),
fingerprint as (
    select coalesce(sum(rows), 0)::bigint as rows,
           sha256(coalesce(string_agg(month || ' ' || rows || ' ' || digest, chr(10) order by month), '')) as digest
    from months
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSet:
    """The postings up to a date as a sync left them. Sums per account, debit positive, the company's currency.

    `this_year` are the sums since the day asked for; `sha256` is the fingerprint described above.
    """

    since_ever: Mapping[int, Decimal]
    this_year: Mapping[int, Decimal]
    rows: int
    vouchers: int
    sha256: str


def postings(table: str, versions: str, of: Sums, voucher_no: str, *, source_id: str, sync: int, until: date) -> str:
    """The body of `postings`. `table` and `versions` are full names as SQL takes them; columns and values are put in here."""
    names = ((voucher_no, "voucher_no"), (of.date, "posting_date"), (of.group, "account_no"), (of.amount, "amount"))
    listed = ", ".join(f"{quoted(column)} as {name}" for column, name in names)
    whose = f"_source_id = {literal(source_id)} and {quoted(of.date)} <= date '{until.isoformat()}'"
    return (
        f"select {listed} from {table}\nwhere {whose} and _sync_id <= {sync}\nunion all\n"
        f"select {listed} from {versions}\nwhere {whose} and _valid_from_sync <= {sync} and _valid_to_sync > {sync}"
    )
