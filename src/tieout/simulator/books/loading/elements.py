"""A hardened stream of XML elements: no DTD, no entities, no network, no tree of the whole file."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lxml import etree

from tieout.simulator.books.loading.errors import BooksFileError
from tieout.simulator.books.loading.source import BooksFile

Element: TypeAlias = etree._Element

_NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
_DAMAGED = "The file is damaged or was cut off; export it again."


class _LocalNames(dict[str, str]):
    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


_names = _LocalNames()


def stripped(element: Element) -> str:
    """An element's name without its namespace."""
    return _names[element.tag]


def line_of(element: Element) -> int | None:
    """The line of the file that an element begins on."""
    line: object = element.sourceline  # the stubs don't say
    return line if isinstance(line, int) else None


def child(element: Element, name: str) -> Element | None:
    """The first child of a name."""
    for one in element:
        if _names[one.tag] == name:
            return one
    return None


def children(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element if _names[one.tag] == name)


def text(element: Element | None, *path: str) -> str | None:
    """The text at the end of a path of names, trimmed; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = child(element, name)
    return (element.text or "").strip() or None if element is not None else None


def texts(element: Element) -> dict[str, str]:
    """All children that hold text, trimmed, by name; the first of each name."""
    return texts_and_structures(element)[0]


def texts_and_structures(element: Element) -> tuple[dict[str, str], list[tuple[str, Element]]]:
    """Children that hold text, and those that hold children of their own, in one pass: lines come by the hundred thousand."""
    told: dict[str, str] = {}
    structures: list[tuple[str, Element]] = []
    for one in element:
        name = _names[one.tag]
        if len(one):
            structures.append((name, one))
        elif (value := one.text) and (value := value.strip()) and name not in told:
            told[name] = value
    return told, structures


def is_mislabelled(file: BooksFile) -> bool:
    """Whether a file says, or leaves it to be understood, that it is UTF-8, and is not."""
    if file.is_utf8:
        return False
    with file.open() as stream:
        said = re.match(rb"[^>]*encoding=[\"']([\w-]+)", stream.read(200))
        stream.seek(0)
        is_utf16 = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
    return not is_utf16 and (said is None or said.group(1).lower() in (b"utf-8", b"utf8"))


def open_elements(file: BooksFile, names: Sequence[str]) -> Iterator[Element]:
    """Elements of these names as they end; each is emptied when the next is asked for.

    Raises BooksFileError for what is no well-formed SAF-T Financial file of Norway, or tries to be clever.
    """
    with file.open() as stream:
        parsed = etree.iterparse(
            stream,
            encoding="windows-1252" if is_mislabelled(file) else None,
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        is_checked = False
        try:
            for _, element in parsed:
                if not is_checked:
                    _check_root(element.getroottree().getroot(), file)
                    is_checked = True
                yield element
                _forget(element)
        except etree.XMLSyntaxError as error:
            line = error.lineno or None
            raise BooksFileError(
                f"is no well-formed XML here ({error.msg}). {_DAMAGED}", file=file.name, line=line
            ) from None
        except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise BooksFileError(f"can't be read to its end ({error}). {_DAMAGED}", file=file.name) from None
        if not is_checked and parsed.root is not None:
            _check_root(parsed.root, file)


def _check_root(root: Element, file: BooksFile) -> None:
    name = etree.QName(root)
    if root.getroottree().docinfo.internalDTD is not None:
        raise BooksFileError(
            "declares a document type, which no SAF-T file has and which can hide entities. It was not read further.",
            file=file.name,
        )
    if name.localname != "AuditFile" or (name.namespace or _NAMESPACE) != _NAMESPACE:
        raise BooksFileError(
            f"is XML, but {name.localname} of {name.namespace or 'no namespace'}, not a Norwegian SAF-T Financial file. "
            "Export the books as SAF-T Financial (Regnskap).",
            file=file.name,
        )


def _forget(element: Element) -> None:
    """Free an element that was read, and what stands before it; the element itself must stay until its parent goes on."""
    element.clear()
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None and parent is not None and previous.tag == element.tag:
        parent.remove(previous)
