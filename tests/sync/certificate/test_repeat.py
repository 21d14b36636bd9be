"""The SQL repeats what the tie-out formed, whatever convention was met."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tieout.ledger.convention import Accounts, Convention, Moment, closing
from tieout.sync.certificate.repeat import repeat_sql

ROWS = [  # voucher, date, account, amount, sync
    (0, date(2023, 12, 31), 1920, Decimal("1000.25"), 1),
    (1, date(2024, 5, 5), 1920, Decimal("100.10"), 1),
    (1, date(2024, 5, 5), 3000, Decimal("-100.10"), 1),
    (2, date(2025, 2, 2), 1920, Decimal(7), 2),
    (2, date(2025, 2, 2), 3000, Decimal(-7), 2),
    (3, date(2025, 3, 3), 1920, Decimal(9000), 3),  # came after the sync that is certified
]
UNTIL, YEAR, RESULT = date(2025, 12, 31), date(2025, 1, 1), {3000}


def content(convention: Convention, opening: dict[int, Decimal], fingerprint: str) -> dict[str, object]:
    ever: dict[int, Decimal] = {}
    year: dict[int, Decimal] = {}
    for _voucher, on, account, amount, sync in ROWS:
        if sync <= 2:
            ever[account] = ever.get(account, Decimal(0)) + amount
            if on >= YEAR:
                year[account] = year.get(account, Decimal(0)) + amount
    balances = closing(
        Moment(since_ever=ever, this_year=year, theirs={}), Accounts(result=RESULT, opening=opening), convention
    )
    return {
        "number": 4,
        "source": {"id": "it's one", "name": "Fixture", "organisation_number": "910000004", "connector": "toy"},
        "tie_out": {"sync": 2},
        "ledger": {
            "date": UNTIL.isoformat(),
            "accounts": [
                {"account_no": no, "name": "O'Hara", "stored": str(value), "vendor": str(value)}
                for no, value in sorted(balances.items())
            ],
            "postings": {
                "rows": 5,
                "vouchers": 3,
                "sha256": fingerprint,
                "stream": "postings",
                "columns": ["voucher", "day", "account", "amount"],
            },
            "parameters": {
                "tolerance": "0.01",
                "fiscal_year_from": YEAR.isoformat(),
                "convention": convention.code,
                "result_accounts": sorted(RESULT),
                "opening_of_trial_balance": [[no, str(value)] for no, value in opening.items()],
            },
        },
    }


def answer(told: dict[str, object]) -> tuple[str, str]:
    """The result and the fingerprint of what is there."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw_toy")
        columns = "voucher bigint, day date, account bigint, amount decimal(28, 4), _source_id varchar, _sync_id bigint"
        connection.execute(f"create table raw_toy.postings ({columns})")
        connection.execute(
            f"create table raw_toy.postings_versions ({columns}, _valid_from_sync bigint, _valid_to_sync bigint)"
        )
        for row in ROWS:
            connection.execute("insert into raw_toy.postings values (?, ?, ?, ?, 'it''s one', ?)", row)
        connection.execute(
            "insert into raw_toy.postings select * replace ('another' as _source_id) from raw_toy.postings"
        )
        connection.execute(repeat_sql(told, "file.sql"))
        result, *_others, fingerprint = connection.fetchall()[0]
    return result, fingerprint


@pytest.mark.parametrize(
    ("convention", "opening"),
    [
        (Convention(), {}),
        (Convention(restarts=False), {}),
        (Convention(carried_to=2050), {}),
        (Convention(opening_is_posted=False), {2000: Decimal("-55.55")}),
    ],
    ids=lambda one: one.code if isinstance(one, Convention) else "",
)
def test_every_convention_repeats(convention: Convention, opening: dict[int, Decimal]) -> None:
    result, fingerprint = answer(content(convention, opening, ""))
    assert result.startswith("SUMS REPEAT, and the postings behind them are not")
    assert answer(content(convention, opening, fingerprint))[0].startswith("REPEATS")


def test_another_convention_than_the_certified_one_does_not_repeat() -> None:
    told = content(Convention(), {}, "")
    told["ledger"]["parameters"]["convention"] = "goes_on"  # type: ignore[index]
    assert answer(told)[0].startswith("DOES NOT REPEAT")


def test_where_no_ledger_was_compared_the_file_says_so() -> None:
    told = content(Convention(), {}, "") | {"ledger": None}
    assert "compared no ledger" in repeat_sql(told, "file.sql")
