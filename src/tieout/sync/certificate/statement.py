"""What a certificate states: the figures of a tie-out, the postings they were formed from, and a hash of all that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tieout.connectors.base import LedgerProof, Proof
from tieout.ledger.convention import Accounts, Convention, Moment, closing
from tieout.ledger.trial_balance import TOLERANCE, ZERO, gaps
from tieout.sync.books import read_books
from tieout.sync.certificate.canonical import sha256
from tieout.sync.events import amount
from tieout.warehouse.as_of import StoredSet
from tieout.warehouse.base import AccountBalance, SourceStore, Sums

Facts = dict[str, Any]


class MovedError(Exception):
    """What is stored is not what the tie-out compared. `str(error)` is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A tie-out as it is certified. `on` is the date of the balances, `sync` the warehouse's sync they were formed after.

    `checks`, `differences` and `streams` are rows of plain values; `balances` and `names` are by account.
    """

    at: datetime
    verdict: str
    on: date | None
    sync: int | None
    number: int | None
    convention: str
    balances: Sequence[AccountBalance]
    names: Mapping[int, str]
    checks: Sequence[Facts]
    differences: Sequence[Facts]
    streams: Sequence[Facts]
    carried_from: datetime | None = None


def figures(compared: Compared, proof: Proof, store: SourceStore) -> Facts:
    """The part of a certificate's content that holds figures. Raises MovedError."""
    ledger = (
        _ledger(compared, proof.ledger, proof, store) if proof.ledger and compared.on and compared.balances else None
    )
    told: Facts = {
        "tie_out": {
            "at": instant(compared.at),
            "verdict": compared.verdict,
            "number": compared.number,
            "sync": compared.sync,
            "carried_from": instant(compared.carried_from) if compared.carried_from else None,
        },
        "ledger": ledger,
        "checks": [dict(check) for check in compared.checks],
        "differences": [dict(row) for row in compared.differences],
        "streams": [dict(row) for row in compared.streams],
    }
    return {**told, "compared_sha256": compared_hash(told)}


def compared_lines(told: Mapping[str, Any]) -> list[str]:
    """The compared set in its canonical form: a line for the postings, one an account, one a check.

        postings ROWS VOUCHERS SHA256
        account DATE NUMBER STORED VENDOR
        check CHECK DATE COMPARED OUTCOME

    Accounts in the order of their numbers, checks in the order they were made; amounts with two decimals or as many as
    they need.
    """
    lines = []
    if ledger := told.get("ledger"):
        held = ledger["postings"]
        lines.append(f"postings {held['rows']} {held['vouchers']} {held['sha256']}")
        lines += [
            f"account {ledger['date']} {row['account_no']} {row['stored']} {row['vendor']}"
            for row in ledger["accounts"]
        ]
    lines += [f"check {row['check']} {row['date']} {row['compared']} {row['outcome']}" for row in told["checks"]]
    return lines


def compared_hash(told: Mapping[str, Any]) -> str:
    """SHA-256 of the lines, each ended by a line feed, in UTF-8."""
    return sha256("".join(f"{line}\n" for line in compared_lines(told)).encode())


def instant(at: datetime) -> str:
    """A time in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _ledger(compared: Compared, ledger: LedgerProof, proof: Proof, store: SourceStore) -> Facts:
    if compared.sync is None or compared.on is None:
        raise MovedError("the latest tie-out says nothing of the sync that it followed. Check now, then export.")
    year = read_books(proof, store, compared.at).year(compared.on)
    sums = Sums(ledger.postings, ledger.account_no, ledger.amount, ledger.posting_date)
    held = store.stored_set(sums, ledger.voucher_no, sync=compared.sync, until=compared.on, since=year.first)
    convention = Convention.of(compared.convention)
    result = _result_accounts(ledger, store)
    opening = _opening(compared, held, result, convention)
    return {
        "date": compared.on.isoformat(),
        "accounts": [_account(balance, compared.names) for balance in compared.balances],
        "postings": {
            "rows": held.rows,
            "vouchers": held.vouchers,
            "sha256": held.sha256,
            "stream": ledger.postings,
            "columns": [ledger.voucher_no, ledger.posting_date, ledger.account_no, ledger.amount],
        },
        "parameters": {
            "tolerance": str(TOLERANCE),
            "fiscal_year_from": year.first.isoformat(),
            "convention": compared.convention,
            "result_accounts": sorted(no for no in result if no in held.since_ever),
            "opening_of_trial_balance": [[no, amount(value)] for no, value in sorted(opening.items())],
        },
    }


def _opening(compared: Compared, held: StoredSet, result: set[int], convention: Convention) -> dict[int, Decimal]:
    """What the trial balance alone knows, where the source posts no opening. Raises MovedError where sums don't repeat."""
    moment = Moment(since_ever=held.since_ever, this_year=held.this_year, theirs={})
    again = closing(moment, Accounts(result=result, opening={}), convention)
    told = {balance.account_no: balance.stored for balance in compared.balances}
    apart = {gap.number: gap.theirs - gap.ours for gap in gaps(again, told)}
    if not convention.opening_is_posted:
        return apart
    if apart:
        raise MovedError(
            "what is stored is no longer what the latest tie-out compared. Check now; when it has ended, export again."
        )
    return {}


def _result_accounts(ledger: LedgerProof, store: SourceStore) -> set[int]:
    kinds = (
        store.column(ledger.accounts, ledger.account_no, where={ledger.account_type: one})
        for one in ledger.result_types
    )
    return {int(number) for numbers in kinds for number in numbers}


def _account(balance: AccountBalance, names: Mapping[int, str]) -> Facts:
    return {
        "account_no": balance.account_no,
        "name": names.get(balance.account_no, ""),
        "stored": amount(balance.stored or ZERO),
        "vendor": amount(balance.vendor or ZERO),
        "difference": amount((balance.stored - balance.vendor) or ZERO),
    }
