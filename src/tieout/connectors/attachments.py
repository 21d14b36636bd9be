"""Attachments of vouchers: told and fetched when somebody asks, never stored. For connectors whose system has them."""

from __future__ import annotations

from enum import StrEnum
from typing import IO, Protocol, runtime_checkable

from tieout.connectors.base import Claim, Secret

MOST_BYTES = 50_000_000  # of one file: what a browser and a disk bear at once


class AttachmentKind(StrEnum):
    """What is attached to a voucher."""

    EHF = "ehf"  # the invoice as a file for programs
    PDF = "pdf"
    IMAGES = "images"
    ORDER = "order"  # what was attached to its sales order


class Attachments(Protocol):
    """One company's attachments. Made by `KeepsAttachments.attachments`."""

    ending: str  # of the files that are fetched, such as "zip"

    def of(self, voucher_id: str) -> tuple[AttachmentKind, ...]:
        """What is attached to a voucher, by one request.

        Raises NotPermittedError where the company or the system does not open attachments to us, other ConnectorErrors else.
        """

    def fetch(self, voucher_id: str, kind: AttachmentKind, into: IO[bytes]) -> bool:
        """Write a file into `into`, from its beginning; whether there is one. Raises TooLargeError, other ConnectorErrors."""

    def close(self) -> None: ...


@runtime_checkable
class KeepsAttachments(Protocol):
    """A connector whose system keeps the documents behind vouchers."""

    def attachments(self, key: Secret, *, company: str, claim: Claim) -> Attachments:
        """Open them for somebody who waits: all calls together give up with TryLaterError after about 20 seconds."""
