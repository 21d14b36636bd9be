"""The spool: empty after a commit, dropped after a crash, kept as evidence where somebody wants it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tieout.warehouse.spool import Spool


def page_in(spool: Spool) -> Path:
    folder = spool.fresh()
    (folder / "1.json.gz").write_bytes(b"x")
    return folder


def test_every_question_has_a_folder_of_its_own(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert spool.fresh() != spool.fresh()


def test_committed_pages_go_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.done(page_in(spool), sync=1, stream="things")
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_is_dropped(tmp_path: Path) -> None:
    page_in(Spool(tmp_path))
    Spool(tmp_path).clear()
    assert list(tmp_path.iterdir()) == []


def test_kept_pages_go_after_their_days(tmp_path: Path) -> None:
    spool = Spool(tmp_path, keep_days=2)
    for stream in ("old", "new"):
        spool.done(page_in(spool), sync=1, stream=stream)
    [old] = (tmp_path / "kept").glob("*old*")
    os.utime(old, (time.time() - 3 * 86_400,) * 2)
    Spool(tmp_path, keep_days=2).clear()
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["000001-new-000002"]
