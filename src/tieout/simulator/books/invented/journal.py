"""Writing vouchers: postings with VAT, and postings on customers and suppliers with their subledger entries."""

from __future__ import annotations

from datetime import date
from random import Random
from uuid import UUID

from tieout.simulator.books.chart import DEDUCTION_ACCOUNTS, NO_VAT, SELF_ASSESSED
from tieout.simulator.books.model import NO_TAGS, Books, Contact, Entry, Posting, Tags, Voucher


class Journal:
    """Makes vouchers line by line; `add` numbers one and puts it into the books."""

    def __init__(self, books: Books, *, stream: str) -> None:
        self.books = books
        self._ids = Random(f"{stream}/ids")

    def new_uuid(self) -> UUID:
        return UUID(int=self._ids.getrandbits(128), version=4)

    def voucher(self, kind: str, day: date, text: str | None = None, *, id: UUID | None = None) -> Voucher:  # noqa: A002 - the record's word
        """A voucher that is not in the books yet; it gets its number when it is added."""
        return Voucher(id=id or self.new_uuid(), no=0, type=kind, date=day, created=self.books.now, description=text)

    def post(
        self,
        voucher: Voucher,
        account_no: int,
        amount: int,
        *,
        on: date | None = None,
        text: str | None = None,
        tags: Tags = NO_TAGS,
        currency: str = "NOK",
        currency_amount: int | None = None,
        vat_code: str | None = None,
        vat_amount: int = 0,
        quantity: int | None = None,
        contact_id: int | None = None,
        role: str | None = None,
    ) -> Posting:
        """Add one posting; `on` is its posting date, the voucher's own by default."""
        posting = Posting(
            id=self.books.new_id(),
            created=self.books.now,
            changed=self.books.now,
            voucher=voucher,
            account_no=account_no,
            date=on or voucher.date,
            amount=amount,
            currency=currency,
            currency_amount=amount if currency_amount is None else currency_amount,
            description=text or voucher.description,
            vat_code=vat_code,
            vat_amount=vat_amount,
            quantity=quantity,
            tags=tags,
            contact_id=contact_id,
            role=role,
        )
        voucher.postings.append(posting)
        return posting

    def post_taxed(
        self,
        voucher: Voucher,
        account_no: int,
        net: int,
        code: str,
        *,
        on: date | None = None,
        text: str | None = None,
        tags: Tags = NO_TAGS,
        currency: str = "NOK",
        currency_net: int | None = None,
        quantity: int | None = None,
    ) -> int:
        """Add a posting before VAT and what its VAT code books beside it. Returns what the other party owes or is owed.

        The VAT of a voucher is gathered on one posting an account and date. Where the buyer owes the VAT himself, the other
        party's total is without it. In a company that is not registered for VAT every code is that of no VAT.
        """
        vat_code = self.books.vat_codes[self.usable_code(code)]
        vat = share(net, vat_code.rate)
        is_self_assessed = vat_code.code in SELF_ASSESSED
        deduction_account = DEDUCTION_ACCOUNTS.get(vat_code.code)
        booked = share(vat, vat_code.basis_ratio)
        kept = vat if is_self_assessed and not deduction_account else vat - booked  # what may not be deducted is cost
        self.post(
            voucher,
            account_no,
            net + kept,
            on=on,
            text=text,
            tags=tags,
            currency=currency,
            currency_amount=net + kept if currency_net is None else currency_net,
            vat_code=vat_code.code,
            vat_amount=booked,
            quantity=quantity,
        )
        if is_self_assessed:
            self._gather(voucher, vat_code.account_no or 0, -vat, on)
            if deduction_account:
                self._gather(voucher, deduction_account, vat, on)
            return net
        if booked:
            self._gather(voucher, vat_code.account_no or 0, booked, on)
        return net + vat

    def usable_code(self, code: str | None) -> str:
        """The code, or that of no VAT where there is none or the company is not registered for VAT."""
        return code if code and self.books.profile.is_vat_registered else NO_VAT

    def post_party(
        self,
        voucher: Voucher,
        contact: Contact,
        kind: str,
        amount: int,
        *,
        on: date | None = None,
        text: str | None = None,
        tags: Tags = NO_TAGS,
        currency: str = "NOK",
        currency_amount: int | None = None,
        due: date | None = None,
        invoice_no: str | None = None,
        kid: str | None = None,
        is_main: bool = False,
    ) -> Entry:
        """Add a posting on a customer or supplier, through its control account, and the subledger entry it makes."""
        number = contact.customer_no if kind == "customer" else contact.supplier_no
        account_no = self.books.control_account(kind, number or 0)
        if account_no is None:
            raise ValueError(f"{contact.name} has no {kind} number in a series")
        posting = self.post(
            voucher,
            account_no,
            amount,
            on=on,
            text=text,
            tags=tags,
            currency=currency,
            currency_amount=currency_amount,
            contact_id=contact.id,
            role=kind,
        )
        posting.is_main_entry = is_main
        entry = self._entry(posting, kind, contact)
        entry.invoice_no, entry.kid, entry.due = invoice_no, kid, due
        return entry

    def add(self, voucher: Voucher) -> Voucher:
        """Give the voucher its number and put it into the books. Raises ValueError if it does not balance or is locked out."""
        locked = self.books.profile.lock_date
        if locked and any(posting.date <= locked for posting in voucher.postings):
            raise ValueError(f"{voucher.type} of {voucher.date} would post into a locked period ({locked})")
        voucher.no = self.books.new_voucher_no()
        self.books.add_voucher(voucher)
        return voucher

    def _entry(self, posting: Posting, kind: str, contact: Contact) -> Entry:
        posting.entry = Entry(
            id=self.books.new_id(),
            created=self.books.now,
            changed=self.books.now,
            kind=kind,
            contact_id=contact.id,
            voucher=posting.voucher,
            date=posting.date,
            amount=posting.amount,
            currency=posting.currency,
            currency_amount=posting.currency_amount,
            tags=posting.tags,
        )
        return posting.entry

    def _gather(self, voucher: Voucher, account_no: int, amount: int, on: date | None) -> None:
        day = on or voucher.date
        for posting in voucher.postings:
            if posting.account_no == account_no and posting.date == day:
                posting.amount += amount
                posting.currency_amount += amount
                return
        self.post(voucher, account_no, amount, on=day)


def share(amount: int, basis_points: int) -> int:
    """A part of an amount, rounded half away from zero to whole øre."""
    part = (abs(amount) * basis_points + 5000) // 10_000
    return part if amount >= 0 else -part
