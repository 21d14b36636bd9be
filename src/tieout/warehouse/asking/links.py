"""A folder of links to the published files of some companies: what a question can read, and nothing beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tieout.warehouse.publish import EMPTY, VIEWS

PREFIX = ".asked-"
FORGOTTEN_SECONDS = 3600  # folders of processes that were killed


@dataclass(frozen=True, slots=True)
class Links:
    """`empty`: tables without a file of these companies, each with a file that has its columns and where an empty one belongs."""

    folder: Path
    empty: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def linked(published: Path, source_ids: Collection[str]) -> Iterator[Links]:
    """Links to one moment's copy, readable however often is published meanwhile. Raises FileNotFoundError for none."""
    _forget_old(published)
    current = (published / "current").resolve(strict=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=published))
    try:
        os.link(current / VIEWS, folder / VIEWS)
        links = Links(folder)
        for table in sorted(current.glob("*/*/")):
            _link(table, folder / table.relative_to(current), source_ids, links)
        yield links
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link(table: Path, beside: Path, source_ids: Collection[str], links: Links) -> None:
    beside.mkdir(parents=True)
    known = ""
    for file in table.glob("*.parquet"):
        known = str(file)
        if file.stem in source_ids or file.stem == EMPTY:
            os.link(file, beside / file.name)
    if known and not any(beside.iterdir()):
        links.empty.append((known, str(beside / f"{EMPTY}.parquet")))


def _forget_old(published: Path) -> None:
    before = time.time() - FORGOTTEN_SECONDS
    for folder in published.glob(f"{PREFIX}*"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
