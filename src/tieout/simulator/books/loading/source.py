"""The bytes of a file of books, as they lie or inside a zip, and which format they are, judged by content."""

from __future__ import annotations

import codecs
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from tieout.simulator.books.loading.errors import BooksFileError

MOST_BYTES = 2 * 1024**3  # the authorities' own limit for one SAF-T file
_BLANK = b" \t\r\n\xef\xbb\xbf"


class Format(StrEnum):
    SAFT = "SAF-T"
    SIE = "SIE"


@dataclass(frozen=True, slots=True)
class BooksFile:
    """One file that holds one company's books. `digest` is the SHA-256 of its (unzipped) bytes, which may be UTF-8."""

    path: Path
    member: str | None
    format: Format
    digest: str
    is_utf8: bool = True

    @property
    def name(self) -> str:
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes from the beginning, unzipped."""
        with _opened(self.path, self.member) as stream:
            yield stream


def find_books(path: Path, *, most_bytes: int = MOST_BYTES) -> BooksFile:
    """Recognise a file. Raises BooksFileError if it can't be read, is empty, too large, or of no known format."""
    try:
        member = _only_member(path) if _is_zip(path) else None
        with _opened(path, member) as stream:
            head = stream.read(4096)
            digest, is_utf8 = _digest(stream, head, path.name, most_bytes)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise BooksFileError(
            f"can't be read ({error}). Check the path, and that the file is whole.", file=path.name
        ) from error
    return BooksFile(path, member, _format(head, path.name), digest, is_utf8)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


@contextmanager
def _opened(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
        yield stream


def _only_member(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        members = [
            info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
        ]
    if len(members) != 1:
        raise BooksFileError(
            f"is a zip of {len(members)} files. Give a zip of one SAF-T or SIE file, or the files themselves.",
            file=path.name,
        )
    return members[0].filename


def _digest(stream: IO[bytes], head: bytes, name: str, most_bytes: int) -> tuple[str, bool]:
    """The digest, and whether all is UTF-8. Counts what is really there: the size that a zip declares may be a lie."""
    digest, size, utf8 = hashlib.sha256(head), len(head), _Utf8(head)
    while block := stream.read(1 << 20):
        size += len(block)
        if size > most_bytes:
            raise BooksFileError(
                f"is larger than {most_bytes / 1024**3:.0f} GB, more than one SAF-T file may be. Export a shorter span.",
                file=name,
            )
        digest.update(block)
        utf8.feed(block)
    return digest.hexdigest(), utf8.holds


class _Utf8:
    """Whether bytes that come in blocks are UTF-8."""

    def __init__(self, head: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.holds = True
        self.feed(head)

    def feed(self, block: bytes) -> None:
        if self.holds:
            try:
                self._decoder.decode(block)
            except UnicodeDecodeError:
                self.holds = False


def _format(head: bytes, name: str) -> Format:
    if not head.strip(_BLANK + b"\0"):
        raise BooksFileError("is empty. Export the books again.", file=name)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").encode()
    start = head.lstrip(_BLANK)
    if re.match(rb"#[A-Za-z]+[ \t\r\n]", start) and re.search(rb"(?im)^\s*#(FLAGGA|SIETYP|PROGRAM|FORMAT|GEN)\b", head):
        return Format.SIE
    if start.startswith(b"<"):
        return Format.SAFT
    raise BooksFileError(
        "is neither SAF-T Financial (XML) nor SIE 4 (lines that begin with #). Export the books in one of them.",
        file=name,
    )
