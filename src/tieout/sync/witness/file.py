"""A SAF-T Financial file as a stream of elements: no DTD, no entities, no network, never the whole tree, bounded in size."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

from lxml import etree

from tieout.sync.witness.errors import WitnessError

Element: TypeAlias = etree._Element
MOST_BYTES = 500 * 1024**2  # of XML, unzipped: about 800,000 lines
BLOCK = 1 << 20
DAMAGED = "The file is no whole XML document: it is damaged, or was cut off. Export it again."


class Counted(io.RawIOBase):
    """A stream that hashes what is read of it, and stops where a file is larger than it may be."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._most = stream, most
        self._hash, self.size = hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """As of any stream. Raises WitnessError."""
        block = self._stream.read(BLOCK if size < 0 else size)
        self.size += len(block)
        if self.size > self._most:
            raise WitnessError(
                f"The file is larger than {self._most // 1024**2:,} MB unzipped. Export a shorter span, such as one year."
            )
        self._hash.update(block)
        return block

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def counted(path: Path, *, most: int = MOST_BYTES) -> Iterator[Counted]:
    """A file's XML, from the file or the only one in a zip. Raises WitnessError."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                file.seek(0)
                yield Counted(file, most)
                return
        with zipfile.ZipFile(path) as archive, archive.open(_only(archive)) as member:
            yield Counted(member, most)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise WitnessError("The file can't be read or unzipped. Check that it is whole, and try again.") from error


def elements(stream: Counted, names: Sequence[str]) -> Iterator[Element]:
    """Elements of some names as they end, each forgotten when the next is asked for. Raises WitnessError."""
    tags = [f"{{*}}{name}" for name in names]
    try:
        parsing = etree.iterparse(
            stream, events=("end",), tag=tags, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        )
        for _, element in parsing:
            _refuse_types(element)
            yield element
            _forget(element)
        while stream.read():  # to the last byte, for the hash
            pass
    except etree.XMLSyntaxError as error:
        raise WitnessError(DAMAGED) from error


def name_of(element: Element) -> str:
    """Without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element, *path: str) -> str:
    """The trimmed text at the end of a path of names; empty where there is none."""
    here: Element | None = element
    for name in path:
        here = next((one for one in here if name_of(one) == name), None) if here is not None else None
    return (here.text or "").strip() if here is not None else ""


def _refuse_types(element: Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise WitnessError("The file declares a document type, which no SAF-T file has. It was not read.")


def _forget(element: Element) -> None:
    """Free what was read: the element's parts, and the siblings before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _only(archive: zipfile.ZipFile) -> str:
    files = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        raise WitnessError(f"The zip holds {len(files)} files. Give one SAF-T file, or a zip of one.")
    return files[0].filename
