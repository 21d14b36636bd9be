"""What holds of a certificate: its pages, its hash, its signature, its figures, and its place in the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from tieout.sync.certificate import attached, seal
from tieout.sync.certificate.canonical import UnreadableError, canonical, parsed, sha256
from tieout.sync.certificate.statement import compared_hash

KEYS = {"format", "content", "sha256", "pages", "public_key", "signature"}


class Holds(StrEnum):
    YES = "holds"
    NO = "does not hold"
    UNKNOWN = "can't be told"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and a sentence on what was found."""

    what: str
    holds: Holds
    why: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A certificate as it was read. `pages` is the hash of the PDF around it; None for the JSON alone."""

    envelope: dict[str, Any]
    pages: str | None

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = self.envelope["content"]
        return content

    @property
    def number(self) -> int:
        return int(self.content["number"])


def opened(data: bytes) -> Opened:
    """A certificate from the bytes of its PDF or JSON. Raises UnreadableError."""
    pages = None
    if data.startswith(attached.PDF):
        before, data, after = attached.parts(data)
        pages = sha256(before + after)
    envelope = parsed(data)
    content = envelope.get("content")
    if set(envelope) != KEYS or envelope["format"] != seal.FORMAT or not isinstance(content, dict):
        raise UnreadableError("it is JSON, and not a certificate of this version of Tieout.")
    missing = {"number", "source", "tie_out", "ledger", "checks", "compared_sha256", "previous", "workspace"} - set(
        content
    )
    if missing or not isinstance(content["number"], int):
        raise UnreadableError(f"it is a certificate without {', '.join(sorted(missing)) or 'a number'}.")
    return Opened(envelope, pages)


def verify(one: Opened, *, key: str | None = None, others: Sequence[Opened] = ()) -> list[Finding]:
    """All that can be told of a certificate; `key` is the public key it should have been signed with.

    `others` are certificates of the same workspace, for the chain. Raises nothing: content may be anything.
    """
    return [_hash(one), _signature(one, key), _pages(one), _figures(one), _chain(one, others)]


def _hash(one: Opened) -> Finding:
    if sha256(canonical(one.content)) == one.envelope["sha256"]:
        return Finding("hash", Holds.YES, "the content is what its hash says")
    return Finding("hash", Holds.NO, "the content was changed after it was hashed")


def _signature(one: Opened, key: str | None) -> Finding:
    own = str(one.envelope["public_key"])
    if not seal.is_signed(one.envelope, key or own):
        if key and key != own:
            return Finding("signature", Holds.NO, f"it was not signed with the key given, but says {own}")
        return Finding("signature", Holds.NO, "it is not the signature of this content by this key")
    if key:
        return Finding("signature", Holds.YES, "signed with the key given")
    return Finding("signature", Holds.YES, f"signed with the key that it names; whose key that is you must know: {own}")


def _pages(one: Opened) -> Finding:
    if one.pages is None:
        return Finding("pages", Holds.UNKNOWN, "this is the JSON; give the PDF to check its pages")
    if one.pages == one.envelope["pages"]:
        return Finding("pages", Holds.YES, "the pages of the PDF are those that were signed")
    return Finding("pages", Holds.NO, "the pages of the PDF were changed; trust the JSON inside only")


def _figures(one: Opened) -> Finding:
    try:
        is_same = compared_hash(one.content) == one.content["compared_sha256"]
        wrong = _sums_wrong((one.content["ledger"] or {}).get("accounts", ()))
    except (KeyError, TypeError, AttributeError, InvalidOperation):
        return Finding("figures", Holds.NO, "the compared set can't be read")
    if not is_same:
        return Finding("figures", Holds.NO, "the compared set is not what its hash says")
    if wrong:
        return Finding("figures", Holds.NO, f"differences that are not ledger sum less balance: {', '.join(wrong)}")
    return Finding("figures", Holds.YES, f"the compared set has the hash {one.content['compared_sha256']}")


def _sums_wrong(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        str(row["account_no"])
        for row in rows
        if Decimal(row["stored"]) - Decimal(row["vendor"]) != Decimal(row["difference"])
    ]


def _chain(one: Opened, others: Sequence[Opened]) -> Finding:
    before = one.content["previous"]
    if before is None:
        is_first = one.number == 1
        why = "it is the first of its workspace" if is_first else f"it is number {one.number} and names none before it"
        return Finding("chain", Holds.YES if is_first else Holds.NO, why)
    try:
        number, digest = before["number"], before["sha256"]
    except (KeyError, TypeError):
        return Finding("chain", Holds.NO, "what it says of the certificate before it can't be read")
    if number != one.number - 1:
        return Finding("chain", Holds.NO, f"number {one.number} names number {number} before it")
    known = next((other for other in others if other.number == number and _is_kin(one, other)), None)
    if known is None:
        return Finding(
            "chain", Holds.UNKNOWN, f"it names certificate {number} ({digest}); give that file too to check it"
        )
    if sha256(canonical(known.content)) != digest:
        return Finding("chain", Holds.NO, f"certificate {number} is not the one that it was chained to")
    return Finding("chain", Holds.YES, f"it follows certificate {number}, which is the one given")


def _is_kin(one: Opened, other: Opened) -> bool:
    return bool(one.envelope["public_key"] == other.envelope["public_key"])
