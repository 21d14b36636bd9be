"""Putting right what was posted: reversal and correction vouchers, and edits of the posted voucher itself."""

from __future__ import annotations

from tieout.simulator.books.invented.company import InPlace, InventedCompany
from tieout.simulator.books.invented.lock import is_open, open_date
from tieout.simulator.books.matching import match
from tieout.simulator.books.model import Posting, Voucher


def reverse(company: InventedCompany, original: Voucher) -> Voucher:
    """Nullify a voucher by its mirror image. Its subledger entries, which must be open, settle with the mirror's."""
    books, journal = company.books, company.journal
    voucher = journal.voucher("ReversalVoucher", company.today, f"Reversering av bilag {original.no}")
    voucher.reverses = original
    pairs = []
    for posting in original.postings:
        on = open_date(company, posting.date)
        if posting.entry is None:
            _mirror(company, voucher, posting)
            continue
        contact = books.contacts[posting.entry.contact_id]
        mirrored = journal.post_party(
            voucher,
            contact,
            posting.entry.kind,
            -posting.amount,
            on=on,
            tags=posting.tags,
            currency=posting.currency,
            currency_amount=-posting.currency_amount,
        )
        pairs.append((posting.entry, mirrored))
    company.add(voucher)
    original.is_reversed = True
    for entry, mirrored in pairs:
        match(books, entry, mirrored)
    company.plant("reversed", f"voucher {original.no} by {voucher.no}")
    return voucher


def _mirror(company: InventedCompany, voucher: Voucher, posting: Posting) -> None:
    company.journal.post(
        voucher,
        posting.account_no,
        -posting.amount,
        on=open_date(company, posting.date),
        text=posting.description,
        tags=posting.tags,
        currency=posting.currency,
        currency_amount=-posting.currency_amount,
        vat_code=posting.vat_code,
        vat_amount=-posting.vat_amount,
        quantity=None if posting.quantity is None else -posting.quantity,
        contact_id=posting.contact_id,
        role=posting.role,
    )


def correct(company: InventedCompany, posting: Posting, account_no: int) -> Voucher:
    """Move a cost to another account by a correction voucher that has the changed lines only."""
    original = posting.voucher
    voucher = company.journal.voucher("CorrectionVoucher", company.today, f"Korrigering av bilag {original.no}")
    voucher.corrects = original
    on = open_date(company, posting.date)
    for account, sign in ((posting.account_no, -1), (account_no, 1)):
        company.journal.post(
            voucher, account, sign * posting.amount, on=on, tags=posting.tags, vat_code=posting.vat_code
        )
    company.add(voucher)
    company.plant("corrected by voucher", f"voucher {original.no} by {voucher.no}")
    return voucher


def correct_in_place(company: InventedCompany, posting: Posting, account_no: int) -> None:
    """Correct a posted voucher itself. Raises ValueError where its period is locked."""
    if not is_open(company.books, min(row.date for row in posting.voucher.postings)):
        raise ValueError(f"voucher {posting.voucher.no} is locked")
    old = posting.account_no
    if company.in_place is InPlace.TEXTS_ONLY:
        edit_text(company, posting, f"Skulle vært konto {account_no}")
        return
    posting.account_no = account_no
    if company.in_place is InPlace.SAME_ID:
        company.books.touch(posting)
    else:
        _replace_rows(company, posting.voucher)
    company.plant("corrected in place", f"voucher {posting.voucher.no}: account {old} -> {account_no}")


def _replace_rows(company: InventedCompany, voucher: Voucher) -> None:
    """Give all rows new ids. Subledger entries keep theirs: they are never deleted (contract 6.2)."""
    books = company.books
    for posting in voucher.postings:
        del books.postings[posting.id]
        posting.id, posting.created = books.new_id(), books.now
        books.postings[posting.id] = posting
        books.touch(posting)


def edit_text(company: InventedCompany, posting: Posting, text: str) -> None:
    """Descriptions may be edited in any period."""
    posting.description = text
    company.books.touch(posting)
    company.plant("text edited", f"posting {posting.id}")


def move_dimension(company: InventedCompany, posting: Posting, *, department_id: int) -> None:
    """Another department on a posted row, under its id."""
    tags = posting.tags
    posting.tags = company.tags(
        department=department_id,
        project=tags.project_id,
        product=tags.product_id,
        location=tags.location_id,
        dim1=tags.dim1_id,
        dim2=tags.dim2_id,
        dim3=tags.dim3_id,
    )
    company.books.touch(posting)
    company.plant("dimension changed", f"posting {posting.id}")
