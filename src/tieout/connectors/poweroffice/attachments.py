"""The documentation of vouchers in PowerOffice Go: which there is, and its files (contract 6.1, 7.15)."""

from __future__ import annotations

from typing import IO

from tieout.connectors.attachments import MOST_BYTES, AttachmentKind
from tieout.connectors.errors import UnexpectedAnswerError
from tieout.connectors.poweroffice.client import PowerOfficeReader

PRIVILEGE = "VoucherDocumentation"
PATH = "/VoucherDocumentation"
TOLD = {
    AttachmentKind.EHF: "HasEhf",
    AttachmentKind.PDF: "HasPdf",
    AttachmentKind.IMAGES: "HasImages",
    AttachmentKind.ORDER: "HasSalesOrderAttachments",
}
# What a sales order had can't be asked for by itself: it comes with all the rest (contract 8, VoucherDocumentationType).
WANTED = {
    AttachmentKind.EHF: "Ehf",
    AttachmentKind.PDF: "Pdf",
    AttachmentKind.IMAGES: "Images",
    AttachmentKind.ORDER: "All",
}
ZIP_BEGINS = b"PK"


class PowerOfficeAttachments:
    """Implements attachments.Attachments."""

    ending = "zip"

    def __init__(self, reader: PowerOfficeReader) -> None:
        self._reader = reader

    def of(self, voucher_id: str) -> tuple[AttachmentKind, ...]:
        rows = list(self._reader.rows(PATH, {"id": voucher_id}, (PRIVILEGE,)))
        # An answer that ignores our question would show another voucher's documents.
        mine = [row for row in rows if str(row.get("VoucherId", "")).lower() == voucher_id.lower()]
        return tuple(kind for kind, column in TOLD.items() if any(row.get(column) is True for row in mine))

    def fetch(self, voucher_id: str, kind: AttachmentKind, into: IO[bytes]) -> bool:
        asked = {"id": voucher_id, "documentationType": WANTED[kind]}
        if not self._reader.file(f"{PATH}/Download", asked, (PRIVILEGE,), into=into, most_bytes=MOST_BYTES):
            return False
        into.seek(0)
        if into.read(len(ZIP_BEGINS)) != ZIP_BEGINS:
            raise UnexpectedAnswerError("PowerOffice Go sends something else than the zip file that it should be.")
        into.seek(0)
        return True

    def close(self) -> None:
        self._reader.close()
