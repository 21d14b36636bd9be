"""Vouchers of two books held against each other: by number and content, by content alone, then by number alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

Month = tuple[int, int]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a voucher comes to in one month, in øre by account, debit positive; zeros are left out.

    `numbers` are what it may be called: its own number, and the one it was imported under.
    """

    numbers: tuple[str, ...]
    month: Month
    sums: tuple[tuple[int, int], ...]

    @property
    def content(self) -> Key:
        return self.month, self.sums


class Shape(StrEnum):
    """What became of a voucher that is not the same on both sides. Missing: the file has it, and we don't."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Apart:
    """A voucher in a month that differs: per account what is stored and what the file has, in øre."""

    shape: Shape
    number: str
    month: Month
    accounts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """`renumbered` of the `equal` ones have another number in the file."""

    equal: int
    renumbered: int
    apart: tuple[Apart, ...]


def match(stored: Sequence[Part], witness: Sequence[Part]) -> Matched:
    """Hold the parts of two books against each other, each part once."""
    position = _numbering(stored, witness)

    def number(part: Part) -> str:
        return part.numbers[min(position, len(part.numbers) - 1)]

    ours, theirs = _without_equals(stored, witness, lambda part: (number(part), *part.content))
    equal = len(witness) - len(theirs)
    left, rest = _without_equals(ours, theirs, lambda part: part.content)
    renumbered = len(theirs) - len(rest)
    apart = tuple(sorted(_apart(left, rest, number), key=lambda one: (one.month, len(one.number), one.number)))
    return Matched(equal + renumbered, renumbered, apart)


def _numbering(stored: Sequence[Part], witness: Sequence[Part]) -> int:
    """Which of our numbers the file uses: the one under which more vouchers are the same."""
    wanted = {(part.numbers[0], *part.content) for part in witness}
    most = max((len(part.numbers) for part in stored), default=1)

    def same(position: int) -> int:
        return len(
            wanted & {(part.numbers[position], *part.content) for part in stored if position < len(part.numbers)}
        )

    return max(range(most), key=same)


def _without_equals(
    ours: Iterable[Part], theirs: Iterable[Part], key: Callable[[Part], Key]
) -> tuple[list[Part], list[Part]]:
    ours, theirs = list(ours), list(theirs)
    both = Counter(map(key, ours)) & Counter(map(key, theirs))
    return list(_less(ours, Counter(both), key)), list(_less(theirs, Counter(both), key))


def _less(parts: Iterable[Part], some: Counter[Key], key: Callable[[Part], Key]) -> Iterator[Part]:
    for part in parts:
        if some[key(part)] > 0:
            some[key(part)] -= 1
        else:
            yield part


def _apart(ours: Sequence[Part], theirs: Sequence[Part], number: Callable[[Part], str]) -> Iterator[Apart]:
    """What is left of one number is one voucher that changed; where a side has nothing, it is missing or extra."""
    known = {number(part) for part in ours} & {number(part) for part in theirs}
    sums: defaultdict[tuple[str, Month], defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    sides: defaultdict[tuple[str, Month], set[int]] = defaultdict(set)
    for side, parts in enumerate((ours, theirs)):
        for part in parts:
            place = number(part), part.month
            sides[place].add(side)
            for account, amount in part.sums:
                sums[place][account][side] += amount
    for (called, month), accounts in sums.items():
        changed = tuple((no, mine, file) for no, (mine, file) in sorted(accounts.items()) if mine != file)
        if changed:
            is_one_sided = Shape.EXTRA if sides[called, month] == {0} else Shape.MISSING
            shape = Shape.CHANGED if called in known else is_one_sided
            yield Apart(shape, called, month, changed)
