"""A file's vouchers as vouchers of the books: lines split by dimension, postings on parties with their subledger entries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid5

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.accounts import Accounts
from tieout.simulator.books.loading.content import Content, LineRow, VoucherRow
from tieout.simulator.books.loading.dimensions import Dimensions
from tieout.simulator.books.loading.errors import BooksFileError
from tieout.simulator.books.loading.parties import Parties
from tieout.simulator.books.loading.vat_codes import VatCodes
from tieout.simulator.books.loading.voucher_types import Side, voucher_type
from tieout.simulator.books.model import NO_TAGS, Books, Entry, Posting, Tags, Voucher

_MOST_NUMBER = 2**63


@dataclass(frozen=True, slots=True)
class Registers:
    """What lines refer to."""

    accounts: Accounts
    parties: Parties
    dimensions: Dimensions
    vat_codes: VatCodes


class Vouchers:
    """`references` keeps what the file says about entries that the books don't: (voucher number, cross reference)."""

    def __init__(self, books: Books, content: Content, registers: Registers, now: datetime) -> None:
        self.references: dict[int, tuple[str, str | None]] = {}  # by entry id
        self._books = books
        self._content = content
        self._registers = registers
        self._now = now
        self._vat_uses: dict[int, Counter[str]] = {}

    def add_all(self) -> None:
        for row in self._content.vouchers:
            self._add(row)
        for account_no, uses in self._vat_uses.items():
            self._books.accounts[account_no].vat_code = uses.most_common(1)[0][0]

    def _add(self, row: VoucherRow) -> None:
        """Amounts are never altered: what does not balance is loaded as it is, and told."""
        if not self._content.first_day <= row.posting_date <= self._content.last_day:
            self._content.remarks.often(
                "Vouchers outside the span that the file says it covers were loaded too",
                f"{row.number}: {row.posting_date}",
            )
        voucher = self._voucher(row)
        entered = self._stamp(row.entered, row.date)
        parts = [self._post(voucher, row, line, entered) for line in row.lines]
        voucher.type = voucher_type(row.type, [side for sides in parts for side in sides])
        self._mark_main_entry(voucher)
        rest = sum(posting.amount for posting in voucher.postings)
        if rest:
            self._content.remarks.often(
                "Vouchers that do not sum to zero in the file were loaded as they are; the tie-out will tell",
                f"{row.number}: {amounts.kroner(rest)}",
            )
        self._books.add_voucher(voucher, must_balance=False)

    def _voucher(self, row: VoucherRow) -> Voucher:
        """A new voucher, or the one that an earlier transaction of the same number and day began (another period of it)."""
        key = uuid5(self._books.profile.client_id, row.key)
        known = self._books.vouchers.get(key)
        if (
            known is not None
            and known.date == row.date
            and all(line.date != row.posting_date for line in known.postings)
        ):
            return known
        if known is not None:
            key = uuid5(key, f"{len(self._books.vouchers)}")  # the number is used again for something else
        return Voucher(
            id=key,
            no=self._books.new_voucher_no(),
            type="ManualJournal",
            date=row.date,
            created=self._stamp(row.entered, row.date),
            description=row.description,
            imported_no=_number(row.number),
        )

    def _post(self, voucher: Voucher, row: VoucherRow, line: LineRow, entered: datetime) -> list[Side]:
        account_no = self._registers.accounts.number(line.account_id)
        created = self._stamp(line.entered, row.date) if line.entered else entered
        changed = max(created, self._stamp(row.modified, row.date)) if row.modified else created
        kind, entry = self._entry(voucher, row, line, account_no, (created, changed))
        vat_code = self._vat_code(line, row.date, account_no)
        for part, tags in self._parts(row, line):
            posting = Posting(
                id=self._books.new_id(),
                created=created,
                changed=changed,
                voucher=voucher,
                account_no=account_no,
                date=row.posting_date,
                amount=part.amount,
                currency=part.currency,
                currency_amount=part.amount if part.currency_amount is None else part.currency_amount,
                description=line.description,
                vat_code=vat_code,
                vat_amount=part.tax_amount,
                quantity=part.quantity,
                tags=tags,
                contact_id=entry.contact_id if entry else None,
                role=kind if entry else None,
                entry=entry,
            )
            voucher.postings.append(posting)
            if entry is not None:
                entry.tags = tags
        return [Side(account_no, line.amount, kind, line.kid is not None)]

    def _entry(
        self, voucher: Voucher, row: VoucherRow, line: LineRow, account_no: int, stamps: tuple[datetime, datetime]
    ) -> tuple[str | None, Entry | None]:
        """Whose ledger the line is in, and its entry there, which only a control account makes."""
        kind = "customer" if line.customer_id else "supplier" if line.supplier_id else None
        if kind is None:
            return None, None
        contact = self._registers.parties.contact(kind, line.customer_id or line.supplier_id or "", account_no)
        if contact is None:
            self._content.remarks.often(
                f"Lines that name a {kind} on an account that is no control account make no subledger entry",
                f"{row.number} on {account_no}",
            )
            return (kind, None) if not self._registers.parties.control_accounts(kind) else (None, None)
        entry = Entry(
            id=self._books.new_id(),
            created=stamps[0],
            changed=stamps[1],
            kind=kind,
            contact_id=contact.id,
            voucher=voucher,
            date=row.posting_date,
            amount=line.amount,
            currency=line.currency,
            currency_amount=line.amount if line.currency_amount is None else line.currency_amount,
            invoice_no=line.reference,
            kid=line.kid,
            due=line.due,
        )
        self.references[entry.id] = (row.number, line.cross_reference)
        return kind, entry

    def _vat_code(self, line: LineRow, on: date, account_no: int) -> str | None:
        if line.tax_code is None:
            return None
        code = self._registers.vat_codes.code(line.tax_code, line.tax_rate, on)
        self._vat_uses.setdefault(account_no, Counter())[code] += 1
        return code

    def _parts(self, row: VoucherRow, line: LineRow) -> list[tuple[LineRow, Tags]]:
        """The line, or its parts where one type of dimension takes parts of the amount; the rest has none of that type."""
        if not line.analyses:
            return [(line, NO_TAGS)]
        whole, split = self._analyses(row, line)
        common = tuple((kind, key) for kind, (key, _) in whole.items())
        if split is None:
            return [(line, self._registers.dimensions.tags(common))]
        kind, values = split
        parts = [(self._registers.dimensions.tags((*common, (kind, key))), amount) for key, amount in values]
        rest = line.amount - sum(amount for _, amount in parts)
        if rest:
            parts.append((self._registers.dimensions.tags(common), rest))
        return list(zip(_shares(line, [amount for _, amount in parts]), (tags for tags, _ in parts), strict=True))

    def _analyses(
        self, row: VoucherRow, line: LineRow
    ) -> tuple[dict[str, tuple[str, int | None]], tuple[str, list[tuple[str, int]]] | None]:
        """Dimensions of the whole line by type, and the one type that splits it."""
        by_type: dict[str, list[tuple[str, int | None]]] = {}
        for kind, key, amount in line.analyses:
            by_type.setdefault(kind, []).append((key, amount))
        whole, split = {}, {}
        for kind, values in by_type.items():
            if len(values) > 1 and any(amount is None for _, amount in values):
                self._content.remarks.often(
                    "Lines with several values of a dimension without amounts got the first", f"{row.number}: {kind}"
                )
                values = values[:1]
            if len(values) == 1 and values[0][1] in (None, line.amount):
                whole[kind] = values[0]
            else:
                split[kind] = [(key, amount or 0) for key, amount in values]
        if len(split) > 1:
            raise BooksFileError(
                f"voucher {row.number} has a line that two types of dimension ({', '.join(split)}) both divide, so its parts "
                "are not known. Divide it by one of them in the accounting system, and export again.",
                line=line.line or row.line,
            )
        return whole, next(iter(split.items()), None)

    def _mark_main_entry(self, voucher: Voucher) -> None:
        parties = {posting.entry.id: posting for posting in voucher.postings if posting.entry}
        if len(parties) == 1 and voucher.type.endswith(("Invoice", "CreditNote")):
            next(iter(parties.values())).is_main_entry = True

    def _stamp(self, entered: datetime | None, on: date) -> datetime:
        return min(entered or amounts.midnight(on), self._now)


def _shares(line: LineRow, parts: list[int]) -> list[LineRow]:
    """Parts of a line: VAT and currency amount pro rata, the last part takes the rounding; the quantity stays with the first."""
    shares = []
    tax_left, currency_left = line.tax_amount, line.currency_amount
    for position, amount in enumerate(parts):
        is_last = position == len(parts) - 1
        tax = tax_left if is_last else _pro_rata(line.tax_amount, amount, line.amount)
        currency_amount = currency_left
        if line.currency_amount is not None and currency_left is not None:
            currency_amount = currency_left if is_last else _pro_rata(line.currency_amount, amount, line.amount)
            currency_left -= currency_amount
        tax_left -= tax
        shares.append(
            LineRow(
                account_id=line.account_id,
                amount=amount,
                currency=line.currency,
                currency_amount=currency_amount,
                tax_amount=tax,
                quantity=line.quantity if position == 0 else None,
            )
        )
    return shares


def _pro_rata(whole: int, part: int, of: int) -> int:
    return round(whole * part / of) if of and abs(whole * part) < 2**50 else whole * part // of if of else 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and int(text) < _MOST_NUMBER else None
