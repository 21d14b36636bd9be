"""The stored books against a SAF-T file of the same company: account by account, voucher by voucher, to the øre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tieout.connectors.base import LedgerProof, Proof
from tieout.ledger.convention import Accounts, Convention, Moment, closing, earlier_results
from tieout.ledger.organisation_number import normalise
from tieout.sync.books import Books, read_books
from tieout.sync.proof.ledger import CONVENTION
from tieout.sync.witness.errors import OtherCompanyError, WitnessError
from tieout.sync.witness.file import MOST_BYTES, counted
from tieout.sync.witness.matching import Apart, Matched, Part, match
from tieout.sync.witness.saft import TOTALS, File, Header, ore, read
from tieout.warehouse.base import SourceStore, Sums

OPENING, MOVEMENT, CLOSING = "opening", "movement", "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountApart:
    """One balance of one account that differs; øre, debit positive."""

    account_no: int
    name: str
    what: str
    stored: int
    witness: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Where the file does not add up by itself: an account's closing balance, or a total. Øre, or a number of entries."""

    what: str
    account_no: int | None
    said: int
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What came of it. `sha256` is of the file's XML, unzipped. `at` is UTC."""

    at: datetime
    file_name: str
    sha256: str
    header: Header
    accounts: int
    vouchers: Matched
    accounts_apart: tuple[AccountApart, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def agrees(self) -> bool:
        """Whether every account and every voucher is the same. What the file contradicts itself in is told beside it."""
        return not self.accounts_apart and not self.vouchers.apart


def examine(
    path: Path,
    name: str,
    *,
    organisation_number: str,
    proof: Proof,
    store: SourceStore,
    at: datetime,
    most: int = MOST_BYTES,
) -> Evidence:
    """Hold what is stored against a file. Raises WitnessError: then nothing was compared."""
    if proof.ledger is None:
        raise WitnessError("This accounting system offers no ledger that a SAF-T file could be compared with.")
    with counted(path, most=most) as stream:
        file = read(stream)
        digest = stream.sha256
    theirs = normalise(file.header.organisation_number)
    if theirs != normalise(organisation_number):
        raise OtherCompanyError(theirs, organisation_number)
    ours = _Stored(store, proof.ledger, read_books(proof, store, at), file.header)
    parts = [_part(voucher) for voucher in file.vouchers if file.header.first <= voucher.day <= file.header.last]
    movement = _movement(parts)
    apart, contradictions = _accounts(file, movement, ours, store)
    return Evidence(
        at=at,
        file_name=name,
        sha256=digest,
        header=file.header,
        accounts=len({*(account_no(one) for one in file.balances), *movement, *ours.movement}),
        vouchers=match(ours.parts(), [part for part in parts if part.sums]),
        accounts_apart=tuple(apart),
        contradictions=(*contradictions, *_totals(file)),
    )


def account_no(text: str) -> int:
    """An account's number; an id that is no number is taken for the account that its digits make. Raises WitnessError."""
    digits = "".join(letter for letter in text if letter in "0123456789")
    if not digits or len(digits) > 15:
        raise WitnessError(f"The file has an account {text[:40]!r} that is no account number.")
    return int(digits)


class _Stored:
    """The stored books in a file's span."""

    def __init__(self, store: SourceStore, ledger: LedgerProof, books: Books, header: Header) -> None:
        self._store, self._ledger, self._header = store, ledger, header
        sums = Sums(ledger.postings, ledger.account_no, ledger.amount, ledger.posting_date)
        eve = header.first - timedelta(days=1)
        self._result = {
            int(number)
            for kind in ledger.result_types
            for number in store.column(ledger.accounts, ledger.account_no, where={ledger.account_type: kind})
        }
        ever = store.sums(sums, until=eve)
        year = books.year(header.first).first
        self._before = Moment(since_ever=ever, this_year=store.sums(sums, until=eve, since=year), theirs={})
        self._eve = Moment(
            since_ever=ever, this_year=store.sums(sums, until=eve, since=books.year(eve).first), theirs={}
        )
        self._convention = Convention.of(store.cursors(ledger.postings).get(CONVENTION, Convention().code))
        self.movement = {no: _ore(v) for no, v in store.sums(sums, since=header.first, until=header.last).items() if v}

    def openings(self) -> list[dict[int, int]]:
        """The opening balances in every way that a system may form them, the likeliest first.

        Result accounts begin a fiscal year at zero, or are told as they stood the evening before; results of earlier years
        stand where a voucher put them, or on the account on which the trial balance has them.
        """
        accounts = Accounts(result=self._result, opening={})
        ways = [closing(self._before, accounts, Convention()), closing(self._eve, accounts, Convention())]
        ways.append(closing(self._before, accounts, self._convention))
        ways.append(dict(self._before.since_ever))
        if (to := self._convention.carried_to) is not None:
            ways.append({to: ways[0].get(to, Decimal(0)) + earlier_results(self._before, accounts)})
        return [{no: _ore(value) for no, value in way.items()} for way in ways]

    def parts(self) -> list[Part]:
        """Every voucher in every month of the span."""
        ledger, sums = self._ledger, {}
        numbered = [ledger.voucher_no, *([ledger.imported_voucher_no] if ledger.imported_voucher_no else [])]
        columns = [*numbered, ledger.posting_date, ledger.account_no, ledger.amount]
        found: defaultdict[tuple[Any, ...], defaultdict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        rows = self._store.rows_between(
            ledger.postings, columns, ledger.posting_date, self._header.first, self._header.last
        )
        for *numbers, on, account, amount in rows:
            found[(*numbers, (on.year, on.month))][int(account)] += amount
        for (*numbers, month), accounts in found.items():
            sums[(*numbers, month)] = _sums(accounts)
        return [
            Part(tuple(str(n) for n in numbers if n is not None), month, held)
            for (*numbers, month), held in sums.items()
            if held
        ]


def _accounts(
    file: File, movement: Mapping[int, int], ours: _Stored, store: SourceStore
) -> tuple[list[AccountApart], list[Contradiction]]:
    ways = ours.openings()
    told: dict[int, list[int | None]] = {}
    names: dict[int, str] = {}
    for text, balance in file.balances.items():
        number = account_no(text)
        held = told.setdefault(number, [None, None])
        names.setdefault(number, file.names.get(text, ""))
        for at, value in enumerate((balance.opening, balance.closing)):
            held[at] = held[at] if value is None else (held[at] or 0) + value
    apart: list[AccountApart] = []
    contradictions: list[Contradiction] = []
    stored = {no for no, amount in ways[0].items() if amount} | set(ours.movement)
    for number in sorted({*told, *movement, *stored}):
        opening_told, closing_told = told.get(number, [0, None] if file.balances else [None, None])
        mine, theirs = ours.movement.get(number, 0), movement.get(number, 0)
        opening = _opening(number, opening_told, ways)
        figures = [(OPENING, opening, opening_told), (MOVEMENT, mine, theirs)]
        adds_up = opening_told is None or closing_told is None or opening_told + theirs == closing_told
        if not adds_up and closing_told is not None:
            holds = (opening_told or 0) + theirs
            contradictions.append(Contradiction(what=CLOSING, account_no=number, said=closing_told, holds=holds))
        else:
            figures.append((CLOSING, opening + mine, closing_told))
        apart += [
            AccountApart(account_no=number, name=names.get(number, ""), what=what, stored=stored_, witness=witness)
            for what, stored_, witness in figures
            if witness is not None and stored_ != witness
        ]
    return apart, contradictions


def _opening(number: int, told: int | None, ways: Sequence[Mapping[int, int]]) -> int:
    """Ours in the way that the file's system forms it; in the likeliest where none fits."""
    each = [way.get(number, 0) for way in ways[:4]] + [way[number] for way in ways[4:] if number in way]
    return told if told is not None and told in each else each[0]


def _totals(file: File) -> Iterator[Contradiction]:
    for what in TOTALS.values():
        said = file.announced.get(what)
        if said is None:
            continue
        try:
            value = int(said) if what == "entries" else ore(said)
        except ValueError:
            continue
        if value != file.counted[what]:
            yield Contradiction(what=what, account_no=None, said=value, holds=file.counted[what])


def _part(voucher: Any) -> Part:
    sums: defaultdict[int, int] = defaultdict(int)
    for text, amount in voucher.sums.items():
        sums[account_no(text)] += amount
    return Part((voucher.number,), voucher.month, tuple(sorted((no, amount) for no, amount in sums.items() if amount)))


def _movement(parts: Iterable[Part]) -> dict[int, int]:
    sums: defaultdict[int, int] = defaultdict(int)
    for part in parts:
        for number, amount in part.sums:
            sums[number] += amount
    return dict(sums)


def _sums(accounts: Mapping[int, Decimal]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((no, _ore(amount)) for no, amount in accounts.items() if amount))


def _ore(amount: Decimal) -> int:
    """Øre; books know nothing finer."""
    return int((amount * 100).to_integral_value())


__all__ = ["Apart", "Evidence", "examine"]
