"""Which loaded entries settle each other: what refers to each other first, then the same invoice or KID, then oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tieout.simulator.books.matching import match
from tieout.simulator.books.model import Books, Entry

References = dict[int, tuple[str, str | None]]  # entry id -> (voucher number in the file, cross reference)


def settle(books: Books, references: References) -> None:
    """Match all open entries. Afterwards a party's open items all have one sign; stamps are those of the later entry."""
    parties: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in books.entries.values():
        parties[entry.kind, entry.contact_id].append(entry)
    now = books.now
    try:
        for entries in parties.values():
            entries.sort(key=lambda entry: (entry.date, entry.id))
            for group in _groups(entries, references):
                _settle(books, group)
    finally:
        books.now = now


def _groups(entries: list[Entry], references: References) -> Iterator[list[Entry]]:
    yield from _by_cross_reference(entries, references)
    yield from _same(entries, [entry.invoice_no for entry in entries])
    yield from _same(entries, [entry.kid for entry in entries])
    yield entries


def _by_cross_reference(entries: list[Entry], references: References) -> Iterator[list[Entry]]:
    """Entries with the same reference, and those whose voucher or invoice it names."""
    named: defaultdict[str, dict[int, Entry]] = defaultdict(dict)
    for entry in entries:
        _, reference = references.get(entry.id, ("", None))
        if reference:
            named[reference][entry.id] = entry
    for entry in entries:
        number, _ = references.get(entry.id, ("", None))
        for key in {number, entry.invoice_no} & named.keys():
            named[key or ""][entry.id] = entry
    for group in named.values():
        yield sorted(group.values(), key=lambda entry: (entry.date, entry.id))


def _same(entries: list[Entry], keys: Iterable[str | None]) -> Iterator[list[Entry]]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry, key in zip(entries, keys, strict=True):
        if key:
            groups[key].append(entry)
    return iter(groups.values())


def _settle(books: Books, entries: list[Entry]) -> None:
    """Let debits and credits of a group take each other off, oldest first."""
    owed = iter([entry for entry in entries if entry.balance() > 0])
    taken = iter([entry for entry in entries if entry.balance() < 0])
    debit, credit = next(owed, None), next(taken, None)
    while debit is not None and credit is not None:
        books.now = max(debit.changed, credit.changed, debit.created, credit.created)
        match(books, debit, credit)
        if not debit.balance():
            debit = next(owed, None)
        if not credit.balance():
            credit = next(taken, None)
