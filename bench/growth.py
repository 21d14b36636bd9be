"""How time and memory grow with a company: 0.5, 1, 2 and 5 million account transactions, each in one question."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench import measure
from bench.loading import ROOT
from bench.measure import Taken
from bench.server import DATA, serving
from bench.transactions import books

BASE = 500_000  # rows that the server holds; more are copies with Ids of their own
SIZES = (500_000, 1_000_000, 2_000_000, 5_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """One size. `wrong` says what the table lacks."""

    rows: int
    taken: Taken
    wrong: str | None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "rows_a_second": round(self.rows / self.taken.seconds)}


def grow(sizes: Sequence[int] = SIZES) -> Iterator[Growth]:
    """Tieout's full load at each size."""
    truth = books(DATA, BASE).full
    for rows in sizes:
        copies = rows // BASE
        with serving(BASE, copies=copies) as address, tempfile.TemporaryDirectory(dir=ROOT / ".bench") as at:
            words = [sys.executable, "-m", "bench.contenders.ours", address, "full", at]
            taken = measure.run(words, environment={**os.environ, "PYTHONPATH": str(ROOT)}, folder=Path(at))
            yield Growth(rows=rows, taken=taken, wrong=_wrong(Path(at), rows, truth.ore * copies))


def _wrong(folder: Path, rows: int, ore: int) -> str | None:
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select count(*), sum(amount) * 100 from raw_poweroffice.account_transactions"
        ).fetchone()
    return None if found == (rows, ore) else f"{found} in place of {(rows, ore)}"


if __name__ == "__main__":
    for grown in grow([int(size) for size in sys.argv[1:]] or SIZES):
        print(json.dumps(grown.as_json()), flush=True)
