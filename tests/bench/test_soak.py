"""What a soak makes of what it saw."""

from __future__ import annotations

import os
import time
from pathlib import Path

from lxml import etree

from bench.soak import flatness
from bench.soak_picture import picture
from bench.soak_watch import Sample, Watch


def sample(at: float, memory: int, life: int = 1) -> Sample:
    return Sample(at=at, life=life, memory_mib=memory, files=40, sockets=3, threads=9, stores_mib=1.5)


def test_memory_that_grows_within_one_process_is_seen() -> None:
    told = flatness([sample(at, 100 + at) for at in range(40)])
    assert told["memory_mib"] == {"second_quarter": 115, "last_quarter": 135}
    assert told["files"] == {"second_quarter": 40, "last_quarter": 40}
    assert told["seconds"] == 39


def test_a_process_is_watched_until_another_takes_its_place(tmp_path: Path) -> None:
    watch = Watch()
    watch.follow(os.getpid(), tmp_path)
    deadline = time.monotonic() + 20
    while not watch.samples and time.monotonic() < deadline:
        time.sleep(0.05)
    watch.stop()
    (seen, *_) = watch.last_life()
    assert seen.memory_mib > 10
    assert seen.files > seen.sockets
    assert seen.threads >= 2


def test_the_picture_has_a_curve_per_process_and_a_mark_per_kill() -> None:
    samples = [sample(at, 100, life=1 + at // 5).as_json() for at in range(10)]
    drawn = picture(
        {
            "companies": 2,
            "simulated_days": 7,
            "seconds": 10,
            "killed": 1,
            "samples": samples,
            "marks": [{"at": 5, "what": "killed"}],
        }
    )
    root = etree.fromstring(drawn.encode())
    assert len(root.findall("{*}polyline")) == 2 * 4
    assert drawn.count("stroke-dasharray") == 4
