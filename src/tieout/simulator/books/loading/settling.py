"""Which loaded entries settle each other: what refers to each other first, then the same invoice or KID, then oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tieout.simulator.books.model import Books, Entry

References = dict[int, tuple[str, str | None]]  # entry id -> (voucher number in the file, cross reference)


def settle(books: Books, references: References) -> None:
    """Match all open entries. Afterwards a party's open items all have one sign; stamps are those of the later entry."""
    parties: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in books.entries.values():
        parties[entry.kind, entry.contact_id].append(entry)
    for entries in parties.values():
        entries.sort(key=lambda entry: (entry.date, entry.id))
        party = _Party(entries)
        for group in _groups(entries, references):
            party.settle(group)
        party.write(books)


class _Party:
    """Decides first and writes then, in one pass each: one payment may settle ten thousand invoices."""

    def __init__(self, entries: list[Entry]) -> None:
        self._rest = {entry.id: entry.amount for entry in entries}
        self._parent = {entry.id: entry.id for entry in entries}
        self._pairs: list[tuple[Entry, Entry, int]] = []  # debit, credit, øre

    def settle(self, group: Sequence[Entry]) -> None:
        """Let debits and credits of a group take each other off, oldest first."""
        owed = iter([entry for entry in group if self._rest[entry.id] > 0])
        paid = iter([entry for entry in group if self._rest[entry.id] < 0])
        debit, credit = next(owed, None), next(paid, None)
        while debit is not None and credit is not None:
            taken = min(self._rest[debit.id], -self._rest[credit.id])
            self._rest[debit.id] -= taken
            self._rest[credit.id] += taken
            self._pairs.append((debit, credit, taken))
            self._parent[self._root(credit.id)] = self._root(debit.id)
            debit = debit if self._rest[debit.id] else next(owed, None)
            credit = credit if self._rest[credit.id] else next(paid, None)

    def write(self, books: Books) -> None:
        """All that hang together get one match id."""
        ids: dict[int, int] = {}
        for debit, credit, taken in self._pairs:
            root = self._root(debit.id)
            match_id = ids[root] if root in ids else ids.setdefault(root, books.new_match_id())
            day, changed = max(debit.date, credit.date), max(debit.changed, credit.changed)
            for entry, amount in ((debit, taken), (credit, -taken)):
                entry.settlements.append((day, amount, match_id))
                if entry.match_id is None:
                    entry.match_id = match_id
                    books.matches[match_id].append(entry)
                _stamp(books, entry, changed)

    def _root(self, entry_id: int) -> int:
        while (parent := self._parent[entry_id]) != entry_id:
            self._parent[entry_id] = entry_id = self._parent[parent]
        return entry_id


def _stamp(books: Books, entry: Entry, changed: datetime) -> None:
    entry.changed = max(entry.changed, changed)
    books.version += 1
    invoice = books.outgoing.get(entry.voucher.id) or books.incoming.get(entry.voucher.id)
    if invoice is not None:
        invoice.balance_changed = entry.changed


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
