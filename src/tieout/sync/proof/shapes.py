"""What differs between stored lines and the source's, line by line, named by shape and summed by account and voucher."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.ledger.trial_balance import ZERO
from tieout.warehouse.incidents import Finding, Shape

WHOLE = (Shape.MISSING_VOUCHER, Shape.SURPLUS_VOUCHER, Shape.DOUBLED_VOUCHER)  # told even if they come to nothing
MISSING = (Shape.MISSING_VOUCHER, Shape.MISSING_POSTING, Shape.MISSING_MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One posting: an amount on an account (or party) at a date, debit positive."""

    key: tuple[Any, ...]
    on: date
    voucher: int | None
    number: int | None
    amount: Decimal
    created: datetime | None = None

    @property
    def content(self) -> tuple[Any, ...]:
        """What a line says, whatever its key."""
        return (self.voucher, self.on, self.number, self.amount)


@dataclass(frozen=True, slots=True)
class Apart:
    """A line as we have it and as the source has it; one of them may be missing."""

    shape: Shape
    ours: Line | None
    theirs: Line | None


class Comparison:
    """Stored lines of some spans against the source's. `since`: what was made later than that came after the check."""

    def __init__(
        self, ours: Iterable[Line], theirs: Iterable[Line], *, opening_no: int | None, since: datetime | None = None
    ) -> None:
        self._ours, self._theirs = list(ours), list(theirs)
        self._opening_no, self._since = opening_no, since
        self._vouchers = {line.voucher for line in self._ours}, {line.voucher for line in self._theirs}

    def findings(self) -> list[Finding]:
        """Every difference, summed by shape, voucher, date and account; ordered by date."""
        found = list(_summed(self._apart()))
        return sorted(self._with_months(found), key=lambda f: (f.posting_date or date.min, f.voucher_no or 0))

    def _apart(self) -> Iterator[Apart]:
        ours = defaultdict[tuple[Any, ...], list[Line]](list)
        for line in self._ours:
            ours[line.key].append(line)
        missing: list[Line] = []
        for theirs in self._theirs:
            copies = ours.pop(theirs.key, [])
            same = next((line for line in copies if line.content == theirs.content), copies[0] if copies else None)
            if same is None:
                missing.append(theirs)
                continue
            copies.remove(same)
            yield from (Apart(Shape.DOUBLED_VOUCHER, line, None) for line in copies)
            if same.content != theirs.content:
                yield Apart(_changed(same, theirs), same, theirs)
        surplus = [line for copies in ours.values() for line in copies]
        yield from self._unpaired(*_without_equals(surplus, missing))

    def _unpaired(self, surplus: list[Line], missing: list[Line]) -> Iterator[Apart]:
        """Lines whose key the other side lacks: doubled under another key, replaced in the same voucher, or alone."""
        there = {line.content for line in self._theirs}
        yield from (Apart(Shape.DOUBLED_VOUCHER, line, None) for line in surplus if line.content in there)
        waiting = list(missing)
        for line in [line for line in surplus if line.content not in there]:
            other = _partner(line, waiting)
            if other is not None:
                waiting.remove(other)
                yield Apart(_changed(line, other), line, other)
            elif line.voucher in self._vouchers[1]:
                yield Apart(Shape.SURPLUS_POSTING, line, None)
            else:
                yield Apart(Shape.SURPLUS_VOUCHER, line, None)
        yield from (Apart(self._missing(line), None, line) for line in waiting)

    def _missing(self, line: Line) -> Shape:
        if self._since and line.created and line.created >= self._since:
            return Shape.POSTED_AFTER
        if line.voucher is not None and line.voucher == self._opening_no:
            return Shape.OPENING_MISSING
        return Shape.MISSING_POSTING if line.voucher in self._vouchers[0] else Shape.MISSING_VOUCHER

    def _with_months(self, found: Sequence[Finding]) -> Iterator[Finding]:
        """A month of which we have nothing, where the source has several vouchers, is missing as a whole."""
        have = {_month(line.on) for line in self._ours}
        there: defaultdict[date, set[int | None]] = defaultdict(set)
        for line in self._theirs:
            there[_month(line.on)].add(line.voucher)
        for finding in found:
            is_whole = finding.month not in have and finding.month is not None and len(there[finding.month]) > 1
            is_missing = finding.shape is Shape.MISSING_VOUCHER
            yield replace(finding, shape=Shape.MISSING_MONTH) if is_missing and is_whole else finding


def cut_off(found: Sequence[Finding], last_stored: date | None) -> list[Finding]:
    """Where all that is missing lies after the last thing stored, and is more than one voucher, the books were cut off."""
    missing = [finding for finding in found if finding.shape in MISSING]
    dates = [finding.posting_date for finding in missing if finding.posting_date]
    vouchers = {finding.voucher_no for finding in missing}
    if len(missing) < len(found) or len(vouchers) < 2 or not last_stored or not dates or min(dates) <= last_stored:
        return list(found)
    return [replace(finding, shape=Shape.CUT_OFF, other_date=last_stored) for finding in found]


def _changed(ours: Line, theirs: Line) -> Shape:
    if ours.on != theirs.on:
        return Shape.SHIFTED_DATE
    return Shape.WRONG_ACCOUNT if ours.number != theirs.number else Shape.CORRECTED_IN_PLACE


def _partner(line: Line, waiting: Sequence[Line]) -> Line | None:
    """The line that took this one's place in its voucher: most of what it says is the same."""
    same = [other for other in waiting if other.voucher == line.voucher]

    def alike(other: Line) -> int:
        return (other.amount == line.amount) + (other.number == line.number) + (other.on == line.on)

    best = max(same, key=alike, default=None)
    return best if best is not None and alike(best) >= 2 else None


def _without_equals(surplus: list[Line], missing: list[Line]) -> tuple[list[Line], list[Line]]:
    """Both without lines that say the same under another key: the source has put new rows in the place of old ones."""
    both = Counter(line.content for line in surplus) & Counter(line.content for line in missing)
    return _less(surplus, both), _less(missing, both)


def _less(lines: list[Line], some: Mapping[tuple[Any, ...], int]) -> list[Line]:
    left, kept = dict(some), []
    for line in lines:
        if left.get(line.content):
            left[line.content] -= 1
        else:
            kept.append(line)
    return kept


def _summed(parts: Iterable[Apart]) -> Iterator[Finding]:
    sums: defaultdict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for part in parts:
        for place, ours, theirs in _sides(part):
            sums[(part.shape, *place)][0] += ours
            sums[(part.shape, *place)][1] += theirs
    for (shape, voucher, on, number, other_date, other_number), (stored, vendor) in sums.items():
        if stored != vendor or shape in WHOLE:
            yield Finding(
                shape=shape,
                voucher_no=voucher,
                posting_date=on,
                month=_month(on),
                account_no=number,
                other_date=other_date,
                other_account_no=other_number,
                stored=stored,
                vendor=vendor,
            )


def _sides(part: Apart) -> Iterator[tuple[tuple[Any, ...], Decimal, Decimal]]:
    """Where a difference shows: at one place, or at the one we have it and the one where it belongs."""
    ours, theirs = part.ours, part.theirs
    if ours and theirs and (ours.on, ours.number) == (theirs.on, theirs.number):
        yield (ours.voucher, ours.on, ours.number, None, None), ours.amount, theirs.amount
        return
    if ours:
        yield (ours.voucher, ours.on, ours.number, *_elsewhere(ours, theirs)), ours.amount, ZERO
    if theirs:
        yield (theirs.voucher, theirs.on, theirs.number, *_elsewhere(theirs, ours)), ZERO, theirs.amount


def _elsewhere(line: Line, other: Line | None) -> tuple[date | None, int | None]:
    if other is None:
        return None, None
    return (other.on if other.on != line.on else None), (other.number if other.number != line.number else None)


def _month(on: date) -> date:
    return on.replace(day=1)
