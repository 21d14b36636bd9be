"""Open items that settle each other: making a match, and undoing it."""

from __future__ import annotations

from tieout.simulator.books.model import Books, Entry


def match(books: Books, entry: Entry, other: Entry, *, most: int | None = None) -> int:
    """Let two entries of opposite sign settle each other as far as both go, or `most` øre. Returns the match id.

    It counts from the later posting date of the two. An entry that is matched already brings its match id along; if both
    do, the groups become one. Stamps of the entries and of their invoices move; nothing is posted. Raises ValueError
    where nothing is left to match.
    """
    taken = min(abs(entry.balance()), abs(other.balance()), most if most is not None else abs(entry.amount))
    if not taken or (entry.amount > 0) == (other.amount > 0):
        raise ValueError(f"entries {entry.id} and {other.id} have nothing to settle with each other")
    match_id = _common_match(books, entry, other)
    day = max(entry.date, other.date)
    for one in (entry, other):
        one.settlements.append((day, taken if one.amount > 0 else -taken, match_id))
        if one.match_id is None:
            one.match_id = match_id
            books.matches[match_id].append(one)
        _stamp(books, one)
    return match_id


def unmatch(books: Books, match_id: int) -> list[Entry]:
    """Undo a match: its entries are as open as before it. Returns them."""
    entries = books.matches.pop(match_id)
    for entry in entries:
        entry.settlements = [settlement for settlement in entry.settlements if settlement[2] != match_id]
        entry.match_id = None
        _stamp(books, entry)
    return entries


def _common_match(books: Books, entry: Entry, other: Entry) -> int:
    if entry.match_id and other.match_id and entry.match_id != other.match_id:
        _merge(books, entry.match_id, other.match_id)
    return entry.match_id or other.match_id or books.new_match_id()


def _merge(books: Books, kept: int, gone: int) -> None:
    moved = books.matches.pop(gone)
    for entry in moved:
        entry.settlements = [(day, taken, kept) for day, taken, _ in entry.settlements]
        entry.match_id = kept
        _stamp(books, entry)
    books.matches[kept].extend(moved)


def _stamp(books: Books, entry: Entry) -> None:
    books.touch(entry)
    invoice = books.outgoing.get(entry.voucher.id) or books.incoming.get(entry.voucher.id)
    if invoice is not None:
        invoice.balance_changed = books.now
