"""Bodies on their way to the spool: written as they came over the wire (gzip stays gzip), and looked at for wholeness."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from tieout.connectors.errors import TooLargeError, UnexpectedAnswerError

SEEN = 64  # bytes at either end of a body in which its brackets must show


class CutOffError(UnexpectedAnswerError):
    """The accounting system's answer was cut off or is not a JSON array."""


def write_array(chunks: Iterator[bytes], path: Path, *, zipped: bool) -> None:
    """Write what comes, under its final name only once it is whole. Raises CutOffError."""
    watch = ArrayWatch(zipped=zipped)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                watch.feed(chunk)
        watch.finish()
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)


def write_changed(body: bytes, change: Callable[[bytes], bytes], path: Path) -> None:
    """Write what `change` makes of a body, and nothing of the body itself. Raises CutOffError."""
    try:
        changed = change(body)
    except ValueError as error:
        raise CutOffError("The accounting system's answer was cut off or is not a JSON array.") from error
    part = path.with_name(path.name + ".part")
    part.write_bytes(gzip.compress(changed, compresslevel=1))
    part.replace(path)


def pour(chunks: Iterator[bytes], sink: IO[bytes], *, most_bytes: int) -> None:
    """Write what comes from the sink's beginning, in place of what an earlier try left there. Raises TooLargeError."""
    sink.seek(0)
    sink.truncate()
    written = 0
    for chunk in chunks:
        written += len(chunk)
        if written > most_bytes:
            raise TooLargeError(
                f"The accounting system sends more than {most_bytes // 1_000_000} MB, which is more than we take. Get it there."
            )
        sink.write(chunk)


class ArrayWatch:
    """Looks at a JSON array as it passes by: its first and last bytes, and the end of its gzip. Parses nothing."""

    def __init__(self, *, zipped: bool) -> None:
        self._zip = zlib.decompressobj(wbits=31) if zipped else None
        self._head = b""
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        """Raises CutOffError for gzip that is none."""
        try:
            plain = self._zip.decompress(chunk) if self._zip else chunk
        except zlib.error as error:
            raise CutOffError("The accounting system's answer is not the gzip it claims to be.") from error
        self._head = self._head or plain[:SEEN].lstrip()[:1]
        self._tail = (self._tail + plain[-SEEN:])[-SEEN:]

    def finish(self) -> None:
        """Raises CutOffError unless a whole array of objects, or an empty one, has passed."""
        if self._zip and not self._zip.eof:
            raise CutOffError("The accounting system's answer was cut off.")
        if self._head != b"[" or b"".join(self._tail.split())[-2:] not in (b"}]", b"[]"):
            raise CutOffError("The accounting system's answer was cut off or is not a JSON array.")
