"""Ask one question in a process of its own, and end that when it takes too long or nobody waits any more."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from tieout.warehouse.asking.links import Links, linked
from tieout.warehouse.asking.statement import one_select

CHILD = Path(__file__).with_name("child.py")
LOOKED_EVERY_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one question may take."""

    seconds: int = 30
    rows: int = 100_000
    memory: str = "512MB"
    threads: int = 2
    bytes: int = 1024**3  # of the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`is_cut`: it has as many rows as an answer may have, so there may be more."""

    rows: int
    seconds: float
    is_cut: bool


@dataclass
class NotAnsweredError(Exception):
    """`why`: slow, memory, left, broken (the process ended by itself), or database, whose error's kind and words are told.

    `line` and `column` of the question count from 1; 0 where the database names no place.
    """

    why: str
    kind: str = ""
    text: str = ""
    line: int = 0
    column: int = 0


def ask(
    sql: str,
    *,
    published: Path,
    source_ids: Collection[str],
    to: Path,
    limits: Limits | None = None,
    has_left: Callable[[], bool] = lambda: False,
) -> Answered:
    """Write the answer to `to` as Parquet. Raises RefusedError, NotAnsweredError, FileNotFoundError (nothing published yet)."""
    asked, sql = sql, one_select(sql)
    limits, begun = limits or Limits(), time.monotonic()
    with linked(published, source_ids) as links:
        told = json.loads(_run(sql, links, limits, has_left) or '{"error": "broken"}')
        if error := told.get("error"):
            raise _not_answered(error, str(told.get("text", "")), links, _place(asked, sql, told.get("at")))
        to.parent.mkdir(parents=True, exist_ok=True)
        (links.folder / "answer.parquet").rename(to)
    rows = int(told["rows"])
    return Answered(rows=rows, seconds=time.monotonic() - begun, is_cut=rows >= limits.rows)


def _run(sql: str, links: Links, limits: Limits, has_left: Callable[[], bool]) -> str:
    order = {
        "sql": sql,
        "folder": str(links.folder),
        "empty": links.empty,
        "rows": limits.rows,
        "seconds": limits.seconds,
        "memory": limits.memory,
        "threads": limits.threads,
        "bytes": limits.bytes,
    }
    with subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=links.folder,
        env={},
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            return _waited(process, json.dumps(order), limits, has_left)
        finally:
            process.kill()


def _waited(process: subprocess.Popen[str], order: str, limits: Limits, has_left: Callable[[], bool]) -> str:
    until, sent = time.monotonic() + limits.seconds, order
    while True:
        try:
            return process.communicate(sent or None, timeout=LOOKED_EVERY_SECONDS)[0]
        except subprocess.TimeoutExpired:
            sent = ""
        if has_left():
            raise NotAnsweredError("left")
        if time.monotonic() >= until:
            raise NotAnsweredError("slow")


def _place(asked: str, sql: str, at: int | None) -> tuple[int, int]:
    """Line and column of a byte of the statement, in all that was written."""
    if at is None:
        return 0, 0
    before = asked[: asked.find(sql)] + sql.encode()[:at].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _not_answered(error: str, text: str, links: Links, place: tuple[int, int]) -> NotAnsweredError:
    if error == "broken":
        return NotAnsweredError("broken")
    if error == "OutOfMemoryException":
        return NotAnsweredError("memory")
    text = text.replace(str(links.folder), "…")
    return NotAnsweredError("database", error.removesuffix("Exception"), text, *place)
