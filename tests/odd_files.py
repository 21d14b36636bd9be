"""Copies of real files with faults in them, through loader, sync and tie-out: `python -m tests.odd_files`.

Prints a table: does the loader name exactly the accounts (with both amounts) that no longer add up in the file itself, and
the tie-out exactly the vouchers that do not sum to zero? What must be named is worked out here from the file's own lines.
The trial balance is formed from the file's vouchers, as an accounting system would, so that a balance that the file publishes
and its vouchers don't come to is the loader's to tell; the stored books agree with the source all the same.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from tests.planted_faults import planting
from tieout import config
from tieout.simulator.books.load import load_companies
from tieout.simulator.books.model import Books
from tieout.warehouse.base import Verdict

FILES = ("Test4.SE", "sie_4.SE", "typ4.se")
NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
CLOSING = "Accounts whose closing balance in the file is not what its own entries come to"
Lines = list[str]
Amounts = dict[int, Decimal]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file publishes and holds, by account; and the vouchers, in file order, that do not sum to zero."""

    published: Amounts
    held: Amounts
    unbalanced: Amounts

    @property
    def apart(self) -> dict[int, tuple[Decimal, Decimal]]:
        """Published and held, where they differ."""
        pairs = {no: (amount, self.held.get(no, Decimal(0))) for no, amount in self.published.items()}
        return {no: pair for no, pair in pairs.items() if pair[0] != pair[1]}


def read(lines: Lines) -> Said:
    """A file's balances and vouchers by the plainest reading there is."""
    published, held, sums = dict[int, Decimal](), defaultdict[int, Decimal](Decimal), list[Decimal]()
    for words in map(words_of, lines):
        match words:
            case ["#VER", *_]:
                sums.append(Decimal(0))
            case ["#IB", "0", no, amount, *_]:
                held[int(no)] += Decimal(amount)
            case ["#UB" | "#RES", "0", no, amount, *_]:
                published[int(no)] = Decimal(amount)
            case ["#TRANS", no, amount, *_]:
                held[int(no)] += Decimal(amount)
                sums[-1] += Decimal(amount)
    return Said(published, dict(held), {no: amount for no, amount in enumerate(sums, 1) if amount})


def words_of(line: str) -> list[str]:
    """Tag, account and amount of a line; objects and texts are left out."""
    return re.sub(r'\{[^}]*\}|"[^"]*"', " ", line).split()


def changed_closing(lines: Lines, chance: random.Random) -> None:
    at = _some(lines, chance, "#UB 0 ")
    _put(lines, at, 3, Decimal("12.34"))


def changed_result(lines: Lines, chance: random.Random) -> None:
    at = _some(lines, chance, "#RES 0 ")
    _put(lines, at, 3, Decimal("-0.01"))


def changed_amount(lines: Lines, chance: random.Random) -> None:
    _put(lines, _some(lines, chance, "#TRANS "), 2, Decimal("0.01"))


def lost_line(lines: Lines, chance: random.Random) -> None:
    del lines[_some(lines, chance, "#TRANS ")]


def lost_opening(lines: Lines, chance: random.Random) -> None:
    del lines[_some(lines, chance, "#IB 0 ")]


def lost_voucher(lines: Lines, chance: random.Random) -> None:
    first, last = _voucher(lines, chance)
    del lines[first:last]


def doubled_voucher(lines: Lines, chance: random.Random) -> None:
    first, last = _voucher(lines, chance)
    lines[last:last] = lines[first:last]


def another_account(lines: Lines, chance: random.Random) -> None:
    at = _some(lines, chance, "#TRANS ")
    lines[at] = lines[at].replace(words_of(lines[at])[1], "8999", 1)


FAULTS: tuple[Callable[[Lines, random.Random], None], ...] = (
    changed_closing,
    changed_result,
    changed_amount,
    lost_line,
    lost_opening,
    lost_voucher,
    doubled_voucher,
    another_account,
)


def with_fault(path: Path, fault: Callable[[Lines, random.Random], None], to: Path, seed: int) -> Said:
    """Write a copy with one fault; what it says from then on."""
    lines = path.read_text(encoding="cp437").splitlines()
    fault(lines, random.Random(seed))
    to.write_text("\r\n".join(lines) + "\r\n", encoding="cp437", newline="")
    return read(lines)


def told_by_the_loader(path: Path) -> dict[int, tuple[Decimal, Decimal]]:
    """Accounts that the loader says do not add up, with what is published and what is held."""
    (company,) = load_companies([path], now=NOW)
    books: Books = company.books
    sentences = [remark for remark in books.remarks if remark.startswith(CLOSING)]
    found = re.findall(r"(\d+): (-?[\d,]+\.\d\d) against (-?[\d,]+\.\d\d)", "".join(sentences))
    return {int(no): (_amount(published), _amount(held)) for no, published, held in found}


def told_by_the_tie_out(path: Path, folder: Path) -> tuple[Verdict, dict[int, Decimal], int]:
    """Verdict, vouchers with amounts, and how many other differences there were."""
    with planting(folder, books=[path], must_be_proved=False) as at:
        tied = at.store.tie_outs(limit=1)[0]
    own = {d.voucher_no or 0: d.stored for d in tied.differences if d.check == "vouchers"}
    return tied.verdict, own, sum(d.check != "vouchers" for d in tied.differences)


def _some(lines: Lines, chance: random.Random, start: str) -> int:
    """A line that begins so and has an amount other than zero."""
    places = [n for n, line in enumerate(lines) if " ".join(words_of(line)).startswith(start) and _has_amount(line)]
    return chance.choice(places)


def _has_amount(line: str) -> bool:
    words = words_of(line)
    return Decimal(words[2 if words[0] == "#TRANS" else 3]) != 0


def _put(lines: Lines, at: int, place: int, more: Decimal) -> None:
    amount = words_of(lines[at])[place]
    head, tail = lines[at].rsplit(amount, 1)
    lines[at] = f"{head}{Decimal(amount) + more:.2f}{tail}"


def _voucher(lines: Lines, chance: random.Random) -> tuple[int, int]:
    first = chance.choice([n for n, line in enumerate(lines) if line.startswith("#VER")])
    return first, lines.index("}", first) + 1


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def rows(seeds: int) -> Iterator[tuple[str, bool, bool, str]]:
    """Each fault in each file: was the loader exact, was the tie-out exact, and its verdict."""
    data = config.load().test_data / "data" / "sie"
    for fault in FAULTS:
        for name in FILES:
            for seed in range(seeds):
                with tempfile.TemporaryDirectory() as folder:
                    copy = Path(folder) / "odd.se"
                    said = with_fault(data / name, fault, copy, seed)
                    loader = told_by_the_loader(copy) == said.apart
                    verdict, vouchers, others = told_by_the_tie_out(copy, Path(folder) / "w")
                    wanted = Verdict.NOT_PROVED if said.unbalanced else Verdict.PROVED
                    exact = (verdict, vouchers, others) == (wanted, said.unbalanced, 0)
                    if not (loader and exact):
                        sys.stderr.write(
                            f"{fault.__name__} in {name}, seed {seed}: {loader} {verdict} {vouchers} {others}\n"
                        )
                    yield fault.__name__, loader, exact, verdict.value


def main(seeds: int = 2) -> int:
    """Print the table; the exit code is 1 where something was told that is not so, or not told that is."""
    found = list(rows(seeds))
    lines = [
        "| fault in the file | copies | loader exact | tie-out exact | verdict |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for fault in FAULTS:
        of = [row for row in found if row[0] == fault.__name__]
        verdicts = ", ".join(sorted({row[3].replace("_", " ") for row in of}))
        counts = f"{len(of)} | {sum(row[1] for row in of)} | {sum(row[2] for row in of)}"
        lines.append(f"| {fault.__name__.replace('_', ' ')} | {counts} | {verdicts} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if all(row[1] and row[2] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
