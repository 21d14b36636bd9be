"""What must hold after every sync, however it ended, and what must hold when the books have come to rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.simulation.copied import Copy
from tests.simulation.truth import KEPT, Row, Table
from tieout.catalog import Stream
from tieout.connectors.poweroffice.streams import BY_NAME, PROOF
from tieout.sync.plan import FIRST, NUMBERS_AGAIN

GARBLED = ("voucher_type", "description")  # columns that faults of the source falsify until they are read again
Seen = dict[str, dict[tuple[Any, ...], set[Row]]]  # stream -> key -> every state that the source ever had
SHOWN = 3  # of many differences of a stream


def never_had(copy: Copy, sync: int, seen: Seen, *, garbled: bool) -> Iterator[str]:
    """Rows that a sync stored and the source never had."""
    for stream in KEPT:
        for key, row in copy.rows(stream, of_sync=sync).items():
            states = seen[stream.name].get(key, set())
            if row not in states and not (garbled and any(_alike(stream, row, state) for state in states)):
                yield f"{stream.name} {key} is stored as it never was: {_apart(stream, row, _any(states))}"


def passed_by(copy: Copy, tables: Mapping[str, Table]) -> Iterator[str]:
    """Rows that lie behind a cursor and are not stored, or not in the state of their stamp."""
    for stream in KEPT:
        cursors = copy.store.cursors(stream.name)
        stored = copy.rows(stream) if cursors else {}
        for kind in stream.changed_by:
            if kind in cursors and _stamp(stream, kind):
                yield from _stamps_passed_by(stream, kind, cursors, stored, tables[stream.name])
        yield from _numbers_passed_by(copy, stream, cursors, stored, tables[stream.name])


def _stamps_passed_by(
    stream: Stream, kind: str, cursors: Mapping[str, str], stored: Table, table: Table
) -> Iterator[str]:
    until, at = datetime.fromisoformat(cursors[kind]).astimezone(UTC), _index(stream, _stamp(stream, kind))
    for key, row in table.items():
        if row[at] is None or row[at] > until or not _was_to_be_read(stream, row, cursors):
            continue
        if key not in stored or stored[key][at] is None or stored[key][at] < row[at]:
            yield f"{stream.name} {key} of {row[at]} lies behind the cursor {kind} {until} and is not stored"


def _numbers_passed_by(
    copy: Copy, stream: Stream, cursors: Mapping[str, str], stored: Table, table: Table
) -> Iterator[str]:
    if stream.number_column and FIRST in cursors:
        until = (copy.store.greatest(stream.name, stream.number_column) or 0) - NUMBERS_AGAIN
        at = _index(stream, stream.number_column)
        for key, row in table.items():
            if row[at] <= until and key not in stored:
                yield f"{stream.name} {key} has number {row[at]} and is not stored, though {until} was passed"


def _was_to_be_read(stream: Stream, row: Row, cursors: Mapping[str, str]) -> bool:
    """While a first sync goes on only the windows that are done are covered."""
    if FIRST in cursors:
        return True
    if not stream.window_column:
        return False
    on = row[_index(stream, stream.window_column)].isoformat()
    spans = [kind.removeprefix("window ").split("..") for kind in cursors if kind.startswith("window ")]
    return any(first <= on <= last for first, last in spans)


def unproved_sums(copy: Copy, tables: Mapping[str, Table]) -> Iterator[str]:
    """Accounts whose postings were called proved and don't come to what the books say."""
    ledger = PROOF.ledger
    assert ledger is not None
    stream = BY_NAME[ledger.postings].stream
    ours, theirs = (_sums(stream, table) for table in (copy.rows(stream), tables[stream.name]))
    for account in sorted(ours.keys() | theirs.keys()):
        if ours[account] != theirs[account]:
            yield f"account {account} was called proved with {ours[account]}; the books say {theirs[account]}"


def _sums(stream: Stream, table: Table) -> defaultdict[int, Decimal]:
    account, amount = _index(stream, "account_no"), _index(stream, "amount")
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in table.values():
        sums[row[account]] += row[amount]
    return sums


def differing(stream: Stream, ours: Table, theirs: Table, *, garbled: bool = False) -> Iterator[str]:
    """Where two tables of a stream are not the same. `garbled`: a fault may have falsified rows that are read only once."""
    lacking, beyond = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    if lacking:
        yield f"{stream.name} lacks {len(lacking)} rows, such as {_some(lacking)}"
    if beyond:
        yield f"{stream.name} has {len(beyond)} rows too many, such as {_some(beyond)}"
    once = garbled and stream.parent is not None
    unequal = [
        key
        for key in ours.keys() & theirs.keys()
        if ours[key] != theirs[key] and not (once and _alike(stream, ours[key], theirs[key]))
    ]
    for key in unequal[:SHOWN]:
        yield f"{stream.name} {key} ({len(unequal)} such): {_apart(stream, ours[key], theirs[key])}"


def _some(keys: set[tuple[Any, ...]]) -> str:
    return str(sorted(keys, key=str)[:SHOWN])


def _apart(stream: Stream, ours: Row, theirs: Row | None) -> str:
    if theirs is None:
        return "the source never had this key"
    pairs = zip(stream.columns, ours, theirs, strict=True)
    return ", ".join(f"{column.name} {one!r}, not {other!r}" for column, one, other in pairs if one != other)


def _alike(stream: Stream, row: Row, state: Row) -> bool:
    pairs = zip(stream.columns, row, state, strict=True)
    return all(one == other or column.name in GARBLED for column, one, other in pairs)


def _any(states: set[Row]) -> Row | None:
    return next(iter(states), None)


def _stamp(stream: Stream, kind: str) -> str:
    """The column that a kind of change is told by, from the filter that asks for it; "" where it is not stored."""
    field = BY_NAME[stream.name].changes[kind].removesuffix("GreaterThan")
    return next((column.name for column in stream.columns if column.field.lower() == field.lower()), "")


def _index(stream: Stream, name: str) -> int:
    return [column.name for column in stream.columns].index(name)
