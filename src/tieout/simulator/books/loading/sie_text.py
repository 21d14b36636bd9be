"""A SIE file's bytes as lines of words, whoever wrote them: the encoding by evidence, quotes and amounts as they are met."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.errors import BooksFileError
from tieout.simulator.books.loading.remarks import Remarks

_QUOTED = r'"((?:\\"|[^"])*)"'
_FIELD = re.compile(_QUOTED + r'|(\{(?:"(?:\\"|[^"])*"|[^}"])*\})|([^\s"{}]+)')
_WORD = re.compile(_QUOTED + r'|([^\s"{}]+)')
# A quotation mark inside a text that nobody escaped is followed by more of the text, the last one by the next field.
_LOOSE = re.compile(r'"(.*?)"(?=\s*$|\s+["{}+\-0-9])|(\{[^}]*\})|([^\s"{}]+)')
_TEXT_MARK = re.compile(r'(?<!\\)"')
_ENCODINGS = {"PC8": "cp437", "UTF8": "utf-8", "UTF-8": "utf-8", "LATIN1": "latin-1", "LATIN-1": "latin-1",
              "ISO8859-1": "latin-1", "ISO-8859-1": "latin-1", "ANSI": "cp1252", "WINDOWS-1252": "cp1252",
              "CP850": "cp850", "CP865": "cp865"}  # fmt: skip
_OF_THE_NORTH = (b"\x9b", b"\x9d")  # ø and Ø in 850 and 865, where 437 has the signs of cent and yen
_NORDIC = "åäöæøÅÄÖÆØéÉ"
_THOUSANDS = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?")
_PART = re.compile(r"[+-]?[0-9]{1,3}")
_AMOUNTS = re.compile(r"(?im)^\s*#(?:TRANS|IB|UB|RES|PSALDO)\b(.*)$")
_WORDS = re.compile(r'"[^"]*[^\W\d][^"]*"|\{[^}]*\}')  # texts and objects
_MARKED = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)+(?![\w.,])")
_IN_THREES = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")

Fields = list[str]


def decoded(raw: bytes, remarks: Remarks) -> str:
    """The text, in the encoding that the file says if that gives words, else in the one that does. Tells where it is another.

    Raises BooksFileError, with the line, for bytes that are no letters in it: none is replaced.
    """
    said = re.search(rb"(?im)^\s*#FORMAT\s+\"?([\w-]+)", raw[:4096])
    name = said.group(1).decode("ascii").upper() if said else "PC8"
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _strictly(raw, encoding)
    wanted = _ENCODINGS.get(name)
    encoding = _by_evidence(raw, wanted)
    if wanted is None or encoding != wanted:
        what = f"says that it is {name}" if said else "does not say in which encoding it is"
        remarks.tell(f"The file {what}; its letters are those of {encoding}, and so it was read.")
    return _strictly(raw, encoding)


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        at = raw.count(b"\n", 0, error.start) + 1
        raise BooksFileError(f"has bytes that are no letters in {encoding}. Export it again.", line=at) from None


def _by_evidence(raw: bytes, wanted: str | None) -> str:
    """Bytes beyond ASCII that make sense as UTF-8 are; else what shows more of the letters of the North."""
    if raw.isascii():
        return wanted or "cp437"
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    first = wanted if wanted and wanted != "utf-8" else "cp437"
    others = ("cp865",) if first in ("latin-1", "cp1252") else ("latin-1",)
    found = max((first, *others), key=lambda encoding: sum(raw.count(c) for c in _bytes_of(encoding)))
    return "cp865" if found == "cp437" and any(letter in raw for letter in _OF_THE_NORTH) else found


def _bytes_of(encoding: str) -> set[bytes]:
    return {letter.encode(encoding) for letter in _NORDIC if letter.encode(encoding, errors="ignore")}


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that hold something, with the number of the first of them where a text goes on in the next ones."""
    begun, at = "", 0
    for number, row in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        stripped = row.strip().strip("\x1a\ufeff").strip()
        if begun and (not stripped or stripped[0] in "#{}"):
            yield at, begun
            begun = ""
        begun, at = (f"{begun} {stripped}", at) if begun else (stripped, number)
        if begun and len(_TEXT_MARK.findall(begun)) % 2 == 0:
            yield at, begun
            begun = ""
    if begun:
        yield at, begun


def fields(row: str) -> tuple[Fields, bool]:
    """The words of a line, and whether it is written as SIE has it. Raises ValueError where quotes or braces don't close."""
    strict = not _FIELD.sub("", row).strip()
    if not strict and _LOOSE.sub("", row).strip():
        raise ValueError("a quotation mark or a brace is not closed")
    pattern = _FIELD if strict else _LOOSE
    return [_unescaped(quoted) if quoted else braces or plain for quoted, braces, plain in pattern.findall(row)], strict


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"')


def objects(braces: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    """The pairs of dimension and object in {1 "x" 6 "y"}, and whether they are pairs: one without its other is left out."""
    words = [_unescaped(quoted) or plain for quoted, plain in _WORD.findall(braces[1:-1])]
    return tuple(zip(words[::2], words[1::2], strict=False)), len(words) % 2 == 0


def with_objects(given: Fields, place: int) -> Fields:
    """A line's fields with the list of objects at its place, an empty one where it was left out."""
    return (
        given if given[place : place + 1] and given[place].startswith("{") else [*given[:place], "{}", *given[place:]]
    )


def thousands_mark(text: str) -> str:
    """ "," or "." if that sets thousands apart in this file, else "".

    A mark before exactly three digits may be either. It sets thousands apart where no amount has it before another number
    of digits; of a point before nothing but noughts SIE's own word is believed, which has decimals there.
    """
    groups = ""
    rows = (_WORDS.sub("", row) for row in _AMOUNTS.findall(text))
    found = [amount for row in rows for amount in _MARKED.findall(row)]
    for mark, other in (",.", ".,"):
        own = [amount for amount in found if mark in amount]
        decimals = any(
            amount.rfind(other) < amount.find(mark) and amount.count(mark) == 1 and not _IN_THREES.fullmatch(amount)
            for amount in own
        )
        noughts = mark == "." and all(amount.count(".") == 1 and amount.endswith(".000") for amount in own)
        if own and not decimals and not noughts:
            groups += mark
    return groups if len(groups) == 1 else ""


def amount_at(
    given: Fields, place: int, *, finer: Callable[[str], None], thousands: str = "", is_grouped: bool = False
) -> tuple[int | None, Fields]:
    """The amount at a place in øre, None where there is none, and the fields with it in one piece. Raises ValueError.

    Decimals may stand after a comma; `thousands` is the file's `thousands_mark`, and `finer` as for `hundredths`. Thousands
    may be set apart by blanks where `is_grouped`, thus in postings only: after a balance comes its quantity, so "1 500" is
    one, of which there are 500.
    """
    words = given[place : place + 1]
    while is_grouped and words and _PART.fullmatch(words[0].replace(" ", "")[-4:]) and place + 1 < len(given):
        if not _THOUSANDS.fullmatch(given[place + 1]):
            break
        words = [words[0] + given[place + 1]]
        given = [*given[:place], *words, *given[place + 2 :]]
    text = re.sub(r"[\s\u00a0\u202f']", "", words[0]) if words else ""
    if not text:
        return None, given
    if text.endswith("-"):
        text = f"-{text[:-1]}"  # the sign behind, as some programs print it
    for mark, other in (",.", ".,"):
        if mark in text and (text.count(mark) > 1 or mark == thousands or text.rfind(other) > text.rfind(mark)):
            text = text.replace(mark, "")
    return amounts.hundredths(text.replace(",", "."), finer=finer), given
