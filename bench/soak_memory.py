"""What a server's memory consists of, as it tells itself: DuckDB's own, the C library's in use and free, Python's objects."""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

EVERY_SECONDS = 5.0
MIB = 1 << 20


class _Mallinfo(ctypes.Structure):
    """glibc's mallinfo2: sums over all arenas, in bytes."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def tell_into(path: Path) -> None:
    """Append a line of JSON every few seconds, until the process ends."""
    threading.Thread(target=_tell, args=(path,), daemon=True, name="memory").start()


def _tell(path: Path) -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        with path.open("a") as file:
            file.write(json.dumps(parts()) + "\n")


def parts() -> dict[str, Any]:
    """MiB of each part, and how many objects Python holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    told: dict[str, Any] = {
        "memory_mib": pages * os.sysconf("SC_PAGE_SIZE") // MIB,
        "blocks": sys.getallocatedblocks(),
        "threads": threading.active_count(),
    }
    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except AttributeError:  # another C library
        return told | _duckdb()
    mallinfo.restype = _Mallinfo
    found = mallinfo()
    in_use = found.uordblks + found.hblkhd
    return told | {"malloc_mib": in_use // MIB, "malloc_free_mib": found.fordblks // MIB} | _duckdb()


def _duckdb() -> dict[str, Any]:
    """Of all warehouses that are open now, by what it is for."""
    from tieout.portal.syncs import warehouses

    tags: dict[str, int] = {}
    for held in list(warehouses._held.values()):
        root = held.warehouse._root  # not `connection()`: looking must not keep a file open that nobody uses
        if root is None:
            continue
        with root.cursor() as connection:
            for tag, held_bytes, _temporary in connection.execute("from duckdb_memory()").fetchall():
                tags[tag] = tags.get(tag, 0) + held_bytes
    return {
        "duckdb_mib": sum(tags.values()) // MIB,
        "duckdb": {tag: size // MIB for tag, size in tags.items() if size >= MIB},
    }
