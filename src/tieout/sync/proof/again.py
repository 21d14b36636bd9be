"""Spans of postings asked again: held line by line against what is stored, and, in a sync, put in its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from tieout.catalog import Ask, Stream, Window
from tieout.connectors.base import LedgerProof
from tieout.connectors.errors import OverwhelmedError
from tieout.sync import plan
from tieout.sync.events import Event, StreamProgressed, WindowReadAgain
from tieout.sync.extract import Answer
from tieout.sync.load import MovingError, Tally, take_in
from tieout.sync.proof.shapes import Line
from tieout.sync.work import Loads, Work
from tieout.warehouse.base import CHANGES, Loaded, Loading, Scope

NUMBERS_AT_ONCE = 100
MOST_TORN = 300  # vouchers asked whole at once; the next sync goes on


class Again:
    """Some spans of the postings. `ours` is what was stored before, `theirs` what the source has now."""

    def __init__(self, work: Work, proof: LedgerProof, windows: Sequence[Window]) -> None:
        self._work, self._store, self._windows = work, work.store, list(windows)
        self._stream: Stream = work.by_name[proof.postings]
        self._proof = proof
        optional = (proof.created,) if proof.created else ()
        self._columns = [
            *self._stream.primary_key,
            proof.posting_date,
            proof.voucher_no,
            proof.account_no,
            proof.amount,
            *optional,
        ]
        self.ours: list[Line] = []
        self.theirs: list[Line] = []
        self.read: list[Window] = []  # as far as the source answered
        self.last_stored: date | None = None

    def ask(self, *, replace: bool) -> Iterator[Event]:
        """Read the spans. With `replace` they are what the store has from now on, and doubles are gone."""
        self._remember()
        doubles = self._store.remove_doubles(self._stream) if replace else 0
        self._work.touched += doubles
        loaded: list[Loaded] = []

        def loads(tally: Tally) -> Loads:
            asks = [Ask(stream=self._stream, window=window) for window in self._windows]
            with closing(self._work.ahead(iter(asks))) as coming:
                for window, ask in zip(self._windows, asks, strict=True):
                    loaded.append((yield from self._one(ask, next(coming), tally, replace=replace)))
                    tally.loaded += loaded[-1]
                    self.read.append(window)
            torn = self._torn()[:MOST_TORN]
            for start in range(0, len(torn), NUMBERS_AT_ONCE):
                numbers = tuple(torn[start : start + NUMBERS_AT_ONCE])
                tally.loaded += yield from self._vouchers(numbers, tally, replace=replace)

        if self._windows:
            yield from self._work.stream(self._stream, "again", len(self._windows), loads)
        self._forget_unread()
        for window, done in zip(self.read, loaded, strict=True) if replace else ():
            yield WindowReadAgain(
                at=self._work.now(),
                stream=self._stream.name,
                new=done.new,
                changed=done.changed,
                removed=done.removed,
                first=window.first,
                last=window.last,
            )

    def _vouchers(
        self, numbers: tuple[int, ...], tally: Tally, *, replace: bool
    ) -> Generator[StreamProgressed, None, Loaded]:
        """Vouchers whole, whatever their dates. Raises what `_one` raises."""
        ask = Ask(stream=self._stream, numbers=numbers)
        stored = [line for line in self._stored(numbers) if line.key not in self._known()]
        loaded = yield from self._one(ask, self._work.ask(ask), tally, replace=replace)
        known = {line.key for line in self.ours}
        self.ours += [line for line in stored if line.key not in known]
        return loaded

    def _torn(self) -> list[int]:
        """Vouchers that differ and have postings outside of what was read.

        A voucher of several months may have moved as a whole: reading some of these months tears it apart.
        """
        if not self._stream.revised_by:
            return []  # a source that can't be asked by number
        ours, theirs = Counter(self.ours), Counter(self.theirs)
        apart = {line.voucher for line in (ours - theirs) + (theirs - ours)}
        numbers = [number for number in apart if number is not None and number != self._proof.opening_voucher_no]
        known = self._known()
        return sorted({line.voucher for line in self._stored(numbers) if line.voucher and line.key not in known})

    def _known(self) -> set[tuple[Any, ...]]:
        return {line.key for line in (*self.ours, *self.theirs)}

    def _stored(self, numbers: Sequence[int]) -> list[Line]:
        rows = self._store.rows_of(self._stream.name, self._columns, self._proof.voucher_no, numbers)
        return [self._line(row) for row in rows]

    def _one(
        self, ask: Ask, answer: Answer, tally: Tally, *, replace: bool
    ) -> Generator[StreamProgressed, None, Loaded]:
        """One span, in smaller ones where the source can't manage it. Raises MovingError and what the reader raises."""
        try:
            return (yield from self._at_once(ask, answer, tally, replace=replace))
        except OverwhelmedError:
            parts = plan.smaller(ask, self._work.clock().date())
            if not parts:
                raise
        loaded = Loaded()
        for part in parts:
            loaded += yield from self._one(part, self._work.ask(part), tally, replace=replace)
        return loaded

    def _at_once(
        self, ask: Ask, answer: Answer, tally: Tally, *, replace: bool
    ) -> Generator[StreamProgressed, None, Loaded]:
        """An answer that lacks what the source counted, or all that we have, is asked for a second time."""
        window = ask.window
        for attempt in (answer, None):
            current = attempt or self._work.ask(ask)
            try:
                with self._store.loading(self._stream, self._work.sync) as loading:
                    taken = yield from take_in(current, loading, tally)
                    is_silent = attempt is not None and not loading.rows and self._has_rows(window)
                    if is_silent or not taken.is_whole(loading.distinct()):
                        continue
                    self._hold(loading)
                    return loading.commit(Scope(window=window) if window else CHANGES) if replace else Loaded()
            finally:
                current.give_up()
                self._work.spool.done(current.folder, sync=self._work.sync, stream=self._stream.name)
        raise MovingError

    def _has_rows(self, window: Window | None) -> bool:
        return window is not None and any(window.first <= line.on <= window.last for line in self.ours)

    def _forget_unread(self) -> None:
        """Of spans that the source did not answer for nothing can be said, but of lines that it told of elsewhere."""
        unread = [window for window in self._windows if window not in self.read]
        told = {line.key for line in self.theirs}
        self.ours = [
            line
            for line in self.ours
            if line.key in told or not any(window.first <= line.on <= window.last for window in unread)
        ]

    def _remember(self) -> None:
        """What is stored now, before anything of it is replaced."""
        for window in self._windows:
            rows = self._store.rows_between(
                self._stream.name, self._columns, self._proof.posting_date, window.first, window.last
            )
            self.ours += [self._line(row) for row in rows]
        self.last_stored = self._store.greatest(self._stream.name, self._proof.posting_date)

    def _hold(self, loading: Loading) -> None:
        """Keep what the source has, and what we have of it in other spans: a line whose date was shifted."""
        told = {line.key for line in self.theirs}  # what stood in their place was kept when they were first told
        came = [line for line in map(self._line, loading.staged(self._columns)) if line.key not in told]
        self.theirs += came
        if len(self._stream.primary_key) != 1:
            return
        known = {line.key for line in self.ours}
        unknown = [line.key[0] for line in came if line.key not in known]
        rows = self._store.rows_of(self._stream.name, self._columns, self._stream.primary_key[0], unknown)
        self.ours += [self._line(row) for row in rows]

    def _line(self, row: tuple[Any, ...]) -> Line:
        keys = len(self._stream.primary_key)
        on, voucher, number, amount, *created = row[keys:]
        return Line(
            key=row[:keys],
            on=on,
            voucher=voucher,
            number=number,
            amount=amount,
            created=created[0] if created else None,
        )


def whole(work: Work, stream: Stream) -> Iterator[Event]:
    """Read a stream whole a second time; doubles go, and what the source no longer has."""
    work.touched += work.store.remove_doubles(stream)
    for event in work.steps([plan.whole(stream, "again", at=work.clock())]):
        yield event
        if event.name == "stream_finished":
            yield WindowReadAgain(
                at=event.at,
                stream=stream.name,
                new=getattr(event, "new", 0),
                changed=getattr(event, "changed", 0),
                removed=getattr(event, "removed", 0),
            )
