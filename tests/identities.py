"""What holds in all books, over more companies than the tests take: `python -m tests.identities [SEEDS]`.

Each seed's invented company and every real file at hand is synced, then asked each identity of
tests/reports/test_identities.py. Prints a JSON line for each company, and one of sums; ends with 1 where one does not hold.
"""

from __future__ import annotations

import inspect
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reports import test_identities
from tests.reports.books import Synced
from tests.reports.conftest import DATA, FILES, NEEDED
from tests.simulators import running_simulator

SIZES = {
    "postings": "select count(*) from core.postings",
    "vouchers": "select count(*) from core.vouchers",
    "accounts": "select count(distinct account_no) from core.postings",
    "months": "select count(distinct month) from core.postings",
    "open_items": "select count(*) from core.open_items",
}


def main() -> int:
    """Ask all of them; 1 where something does not hold."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    told = [of_company(f"seed {seed}", seed=seed) for seed in range(1, seeds + 1)]
    told += [of_company(name, file=DATA / "data" / name) for name in FILES if (DATA / "data" / name).exists()]
    sums = {name: sum(one[name] for one in told) for name in (*SIZES, "held", "not_asked")}
    broken = [one["company"] for one in told if one["broken"]]
    print(json.dumps({"companies": len(told), **sums, "broken": broken}))  # noqa: T201
    return 1 if broken else 0


def of_company(company: str, *, seed: int = 1, file: Path | None = None) -> dict[str, Any]:
    """Sync one company and ask it every identity."""
    begun, held, not_asked, broken = time.monotonic(), 0, 0, list[str]()
    books = (file,) if file else ()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_simulator(seed=seed, books=books, throttle=False, thread=True) as simulator,
    ):
        try:
            synced = Synced(simulator, Path(folder), only=NEEDED)
        except AssertionError:
            return _told(company, dict.fromkeys(SIZES, 0), 0, 0, ["the tie-out itself does not agree"], begun)
        for name, identity, values in identities():
            try:
                identity(**_given(identity, synced, is_invented=file is None), **values)
                held += 1
            except pytest.skip.Exception:
                not_asked += 1
            except AssertionError as error:
                broken.append(f"{name} {values or ''}: {str(error)[:200]}")
        sizes = {name: synced.one(sql) for name, sql in SIZES.items()}
        synced.warehouse.close()
    return _told(company, sizes, held, not_asked, broken, begun)


def _told(
    company: str, sizes: dict[str, int], held: int, not_asked: int, broken: list[str], begun: float
) -> dict[str, Any]:
    seconds = round(time.monotonic() - begun, 1)
    told = {"company": company, **sizes, "held": held, "not_asked": not_asked, "broken": broken, "seconds": seconds}
    print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201
    return told


def identities() -> Iterator[tuple[str, Callable[..., None], dict[str, Any]]]:
    """Every identity, once for each set of values that its test is run with."""
    for name, function in inspect.getmembers(test_identities, inspect.isfunction):
        if name.startswith("test_"):
            marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "parametrize"]
            for chosen in itertools.product(*(_sets(mark) for mark in marks)):
                yield name.removeprefix("test_"), function, {key: value for one in chosen for key, value in one.items()}


def _sets(mark: pytest.Mark) -> list[dict[str, Any]]:
    names, values = mark.args
    names = [names] if isinstance(names, str) else list(names)
    return [dict(zip(names, one if len(names) > 1 else (one,), strict=True)) for one in values]


def _given(identity: Callable[..., None], synced: Synced, *, is_invented: bool) -> dict[str, Any]:
    offered = {"synced": synced, "is_invented": is_invented}
    return {name: offered[name] for name in inspect.signature(identity).parameters if name in offered}


if __name__ == "__main__":
    sys.exit(main())
