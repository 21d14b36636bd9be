"""A disk that is full, a folder that is not ours, files that are damaged: said clearly, nothing lost, and on it goes."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector, LedgerReader
from tieout.catalog import Ask, Page
from tieout.connectors.base import Secret
from tieout.sync.events import StreamFailed
from tieout.warehouse.base import DamagedError, Outcome, StorageError, Verdict

NOBODY = 65534
Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def expected() -> Iterator[Tables]:
    """The tables of a sync that nothing disturbed."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), LedgerConnector())
        bench.sync()
        yield bench.tables()
        bench.warehouse.close()


def carries_on(bench: Bench, expected: Tables) -> bool:
    """Whether the next sync ends as if nothing had happened."""
    finished = bench.sync()
    is_whole = finished.outcome is Outcome.SUCCEEDED and bench.tied.verdict is Verdict.PROVED
    return is_whole and bench.tables() == expected


@contextmanager
def full_disk(largest: int) -> Iterator[None]:
    """No file can grow beyond `largest` bytes: what the system then says of a write is what a full disk is like."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("largest", [30_000, 70_000])  # in the middle, and while publishing
def test_a_full_disk_is_said_and_once_there_is_room_the_same_process_carries_on(
    largest: int, tmp_path: Path, expected: Tables
) -> None:
    bench = Bench(tmp_path, LedgerConnector(), published=True)
    with full_disk(largest), pytest.raises(StorageError, match="The disk is full"):
        bench.sync()
    assert carries_on(bench, expected)


def test_a_disk_that_is_full_for_pages_loses_nothing(tmp_path: Path, expected: Tables) -> None:
    bench = Bench(tmp_path, LedgerConnector())
    bench.system.faults["postings"] = [OSError(errno.ENOSPC, "No space left on device")]  # type: ignore[list-item]
    with pytest.raises(OSError, match="No space left"):
        bench.sync()
    assert carries_on(bench, expected)


@contextmanager
def somebody_else() -> Iterator[None]:
    """Without rights on what is there; an administrator would have them whatever the folder says."""
    before = os.geteuid()
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator can become somebody else")
def test_a_folder_that_is_not_ours_is_said(expected: Tables) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        Bench(Path(folder), LedgerConnector()).warehouse.close()
        with somebody_else(), pytest.raises(StorageError, match="not ours to write"):
            Bench(Path(folder), LedgerConnector())
        bench = Bench(Path(folder), LedgerConnector())
        assert carries_on(bench, expected)
        bench.warehouse.close()


def interrupted(folder: Path) -> Path:
    """A folder as a sync left it that died in the middle: its file, and the log of what is not in the file yet."""
    bench, left = Bench(folder / "before", LedgerConnector()), folder / "left"

    def until(_: object) -> bool:
        if len(bench.events) == 70:
            left.mkdir()
            for path in (folder / "before").glob("w.duckdb*"):
                shutil.copy(path, left)
        return left.exists()

    bench.sync(until=until)
    bench.warehouse.close()
    return left


@pytest.mark.parametrize("part", [0.4, 0.999])
def test_a_log_that_is_cut_off_costs_what_it_no_longer_holds_and_that_is_read_again(
    part: float, tmp_path: Path, expected: Tables
) -> None:
    folder = interrupted(tmp_path)
    log = folder / "w.duckdb.wal"
    log.write_bytes(log.read_bytes()[: int(log.stat().st_size * part)])
    assert carries_on(Bench(folder, LedgerConnector()), expected)


def test_a_damaged_log_is_said_with_what_to_do_and_without_it_the_next_sync_carries_on(
    tmp_path: Path, expected: Tables
) -> None:
    folder = interrupted(tmp_path)
    log = folder / "w.duckdb.wal"
    log.write_bytes(damaged(log.read_bytes()))
    with pytest.raises(DamagedError, match=r"w.duckdb.wal is damaged. Move it away"):
        Bench(folder, LedgerConnector())
    log.rename(tmp_path / "aside")
    assert carries_on(Bench(folder, LedgerConnector()), expected)


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    bench = Bench(tmp_path, LedgerConnector())
    bench.sync()
    bench.warehouse.close()
    file = tmp_path / "w.duckdb"
    file.write_bytes(damaged(file.read_bytes()[:12_000]))
    with pytest.raises(DamagedError, match=r"w.duckdb is damaged"):
        Bench(tmp_path, LedgerConnector()).sync()


def damaged(data: bytes) -> bytes:
    """With one byte turned over in the middle."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


class Spoiling(LedgerReader):
    """The disk loses the end of the first page of postings."""

    left = 1

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        for page in super().pages(ask, spool):
            if ask.stream.name == "postings" and Spoiling.left:
                Spoiling.left -= 1
                page.path.write_bytes(page.path.read_bytes()[:-12])
            yield page


class SpoilingConnector(LedgerConnector):
    def open(self, key: Secret, **_how: Any) -> Spoiling:
        return Spoiling(self.system, key.reveal())


def test_a_page_that_was_damaged_in_the_spool_stops_its_stream_alone_and_comes_again(
    tmp_path: Path, expected: Tables
) -> None:
    bench = Bench(tmp_path, SpoilingConnector())
    assert bench.sync().outcome is Outcome.INCOMPLETE
    [failed] = bench.told(StreamFailed)
    assert failed.stream == "postings"
    assert "cut short" in failed.reason
    assert bench.store.count("entries") > 0
    assert carries_on(bench, expected)
