"""Vouchers in journal entry, their documentation, and those that only their maker may read (contract 6.1, 6.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tieout.simulator.books.model import JOURNALS, Draft, Voucher
from tieout.simulator.poweroffice.api import documents
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, Shape, always, not_ours
from tieout.simulator.poweroffice.api.parameters import (
    Parameter,
    changed_after,
    flag,
    one_of,
    plain,
    time_as_told,
    uuid,
    whole,
)
from tieout.simulator.poweroffice.api.properties import STAMPS
from tieout.simulator.poweroffice.api.view import View

_PDF = frozenset({"OutgoingInvoice", "OutgoingCreditNote", "OutgoingPaymentReminder", "OutgoingNoticeOfDebtCollection"})
_IMAGES = frozenset({"Expense", "TravelExpense"})


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A draft, or a voucher that was posted from journal entry."""

    id: UUID
    type: str
    created: datetime
    changed: datetime
    is_posted: bool
    in_approval: bool
    from_ehf: bool


def _of_voucher(voucher: Voucher) -> JournalEntry:
    changed = max((posting.changed for posting in voucher.postings), default=voucher.created)
    made = voucher.drafted or voucher.created
    return JournalEntry(voucher.id, voucher.type, made, changed, True, False, voucher.from_ehf)


def _of_draft(draft: Draft) -> JournalEntry:
    return JournalEntry(draft.id, draft.type, draft.created, draft.changed, False, draft.in_approval, draft.from_ehf)


def _entries(view: View) -> Iterable[JournalEntry]:
    posted = (one for one in view.books.vouchers.values() if one.no and one.type in JOURNALS)
    return [*map(_of_voucher, posted), *map(_of_draft, view.books.drafts.values())]


JOURNAL_ENTRY: Columns = {
    **STAMPS,
    "Id": lambda entry, view: entry.id,
    "InApprovalWorkflow": lambda entry, view: entry.in_approval,
    "IsCreatedByCurrentIntegration": always(False),
    "IsPosted": lambda entry, view: entry.is_posted,
    "OriginatedFromEhf": lambda entry, view: entry.from_ehf,
    "VoucherType": lambda entry, view: entry.type,
}


def _has_ehf(voucher: Voucher, _view: View) -> bool:
    """Those of drafts that came so; of the others two in three suppliers' invoices."""
    return voucher.from_ehf or (voucher.type in ("IncomingInvoice", "IncomingCreditNote") and voucher.id.int % 3 > 0)


def _has_pdf(voucher: Voucher, view: View) -> bool:
    return voucher.type in _PDF or (voucher.type == "IncomingInvoice" and not _has_ehf(voucher, view))


def _has_images(voucher: Voucher, _view: View) -> bool:
    return voucher.type in _IMAGES


HAS = {"Ehf": _has_ehf, "Pdf": _has_pdf, "Images": _has_images}


def _documented(view: View) -> Iterable[Voucher]:
    return [one for one in view.books.vouchers.values() if one.no and any(has(one, view) for has in HAS.values())]


DOCUMENTATION: Columns = {
    "HasEhf": _has_ehf,
    "HasImages": _has_images,
    "HasPdf": _has_pdf,
    "HasSalesOrderAttachments": always(False),
    "IsImported": lambda voucher, view: voucher.imported_no is not None,
    "VoucherId": lambda voucher, view: voucher.id,
    "VoucherNo": lambda voucher, view: voucher.no,
    "VoucherType": lambda voucher, view: voucher.type,
}


def _files(voucher: Voucher, view: View) -> dict[str, tuple[str, bytes]]:
    """By kind of documentation: file name, content."""
    text = f"Simulated documentation of voucher {voucher.no}"
    made: dict[str, Callable[[], tuple[str, bytes]]] = {
        "Ehf": lambda: ("ehf.xml", documents.ehf(text)),
        "Pdf": lambda: ("voucher.pdf", documents.pdf(text)),
        "Images": lambda: ("image.png", documents.png()),
    }
    return {kind: made[kind]() for kind, has in HAS.items() if has(voucher, view)}


def _download(view: View) -> Iterable[tuple[str, bytes]]:
    voucher = view.books.vouchers.get(view.given["id"])
    files = _files(voucher, view) if voucher is not None else {}
    wanted = view.given.get("documentationType", "All")
    return [file for kind, file in files.items() if wanted in ("All", kind)]


_JOURNAL_ENTRY_KINDS = {
    "ManualJournals": "ManualJournalEntryVoucherDto",
    "SupplierInvoices": "SupplierInvoiceJournalEntryVoucherDto",
    "SupplierCreditNotes": "SupplierCreditNoteJournalEntryVoucherDto",
    "BankJournals": "BankJournalEntryVoucherDto",
}
_POSTED_KINDS = {
    "ManualJournals": "ManualVoucher",
    "BankJournals": "BankVoucher",
    "CashJournals": "CashVoucher",
    "OutgoingInvoiceJournals": "OutgoingInvoiceVoucher",
    "YearEndJournals": "YearEndVoucher",
}

ENDPOINTS = (
    Endpoint(
        path="/JournalEntryVouchers",
        schema="JournalEntryVoucherListItem",
        privileges=("JournalEntryVoucher",),
        rows=_entries,
        columns=JOURNAL_ENTRY,
        parameters=(
            changed_after("createdDateTimeOffsetGreaterThan", STAMPS["CreatedDateTimeOffset"]),
            changed_after("lastChangedDateTimeOffsetGreaterThan", STAMPS["LastChangedDateTimeOffset"]),
            flag("inApprovalWorkflow", JOURNAL_ENTRY["InApprovalWorkflow"]),
            flag("isPosted", JOURNAL_ENTRY["IsPosted"]),
        ),
    ),
    Endpoint(
        path="/VoucherDocumentation",
        schema="VoucherDocumentationDto",
        privileges=("VoucherDocumentation",),
        rows=_documented,
        columns=DOCUMENTATION,
        parameters=(
            Parameter("id", uuid, lambda wanted, view: lambda voucher: voucher.id == wanted),
            Parameter("voucherNo", whole, lambda wanted, view: lambda voucher: voucher.no == wanted),
        ),
    ),
    Endpoint(
        path="/VoucherDocumentation/Download",
        schema="",
        privileges=("VoucherDocumentation",),
        rows=_download,
        columns={},
        parameters=(
            plain("id", uuid, required=True),
            plain("documentationType", one_of("Ehf", "Pdf", "Images", "All")),
        ),
        shape=Shape.FILE,
    ),
    *(
        not_ours(f"/JournalEntryVouchers/{kind}/{{id}}", schema, "JournalEntryVoucher")
        for kind, schema in _JOURNAL_ENTRY_KINDS.items()
    ),
    not_ours("/JournalEntryVouchers/{id}/ehf", "", "JournalEntryVoucher"),
    *(not_ours(f"/Vouchers/{kind}/{{id}}", f"{name}Dto", f"{name}_Full") for kind, name in _POSTED_KINDS.items()),
    Endpoint(
        path="/VoucherApproval",
        schema="VoucherForApprovalDto",
        privileges=("VoucherApproval_Full",),
        rows=lambda _view: (),  # nobody sends vouchers to a reader for approval
        columns={},
        parameters=(plain("availableFromDateTimeOffsetGreaterThan", time_as_told),),
    ),
)
