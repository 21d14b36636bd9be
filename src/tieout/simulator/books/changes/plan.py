"""What changes after it was booked or registered.

Every kind comes around once in nine days (corrections by vouchers more seldom in small companies); what can't happen waits a day.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from typing import TypeAlias

from tieout.simulator.books.changes import contact_details
from tieout.simulator.books.changes import registers as register_changes
from tieout.simulator.books.changes.corrections import correct, correct_in_place, edit_text, move_dimension, reverse
from tieout.simulator.books.chart import NO_VAT
from tieout.simulator.books.events import credit_notes, order_lines, purchases, sales
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.lock import is_open, lift_lock
from tieout.simulator.books.matching import match, unmatch
from tieout.simulator.books.model import Entry, Posting, Voucher

Change: TypeAlias = Callable[[InventedCompany], bool]  # False: there was nothing to do it to

_ROUND = 9  # days
_RECENT = 400  # postings looked at, newest first


def plan(company: InventedCompany, day: date) -> None:
    """Spread the kinds over the day's working hours."""
    for number, change in enumerate(CHANGES):
        if _is_due(company, day, number) or number in company.waiting:
            with _drawing(company, change):
                moment = company.moment(day)
            company.at(moment, lambda number=number, change=change: _try(company, number, change))  # type: ignore[misc]


def _drawing(company: InventedCompany, change: Change) -> AbstractContextManager[None]:
    """Contacts' details draw aside."""
    return company.aside(change.__name__) if change in contact_details.CHANGES else nullcontext()


def _is_due(company: InventedCompany, day: date, number: int) -> bool:
    is_posting = CHANGES[number] in POSTING_CHANGES
    days, offset = (company.business.posting_round, company.business.posting_offset) if is_posting else (_ROUND, 0)
    return (day.toordinal() + number + offset) % days == 0


def _try(company: InventedCompany, number: int, change: Change) -> None:
    company.waiting.discard(number)
    with _drawing(company, change):
        if not change(company):
            company.waiting.add(number)


def _recent(company: InventedCompany) -> list[Posting]:
    """Newest postings first; not those of the opening voucher."""
    found = []
    for posting in reversed(company.books.postings.values()):
        if posting.voucher.no and posting.voucher.type != "ReversalVoucher":
            found.append(posting)
        if len(found) == _RECENT:
            break
    return found


def _costs(company: InventedCompany) -> list[Posting]:
    """Recent cost lines of supplier invoices and outlays that nobody corrected yet."""
    return [
        posting
        for posting in _recent(company)
        if posting.voucher.type in ("IncomingInvoice", "Expense")
        and 6500 <= posting.account_no < 7000
        and posting.vat_code in ("1", NO_VAT)
        and not posting.voucher.is_reversed
    ]


def _edit_text(company: InventedCompany) -> bool:
    postings = _recent(company)
    if not postings:
        return False
    posting = company.rng.choice(postings)
    edit_text(company, posting, f"{posting.description or 'Uten tekst'}; rettet {company.today:%d.%m}"[-255:])
    return True


def _move_dimension(company: InventedCompany) -> bool:
    departments = [department.id for department in company.usable(company.books.departments)]
    costs = [posting for posting in _costs(company) if is_open(company.books, posting.date)]
    if not costs:
        return False
    posting = company.rng.choice(costs)
    others = [department for department in departments if department != posting.tags.department_id]
    if not others:
        return False
    move_dimension(company, posting, department_id=company.rng.choice(others))
    return True


def _correct_in_place(company: InventedCompany) -> bool:
    costs = [
        posting
        for posting in _costs(company)
        if all(is_open(company.books, row.date) for row in posting.voucher.postings)
    ]
    if not costs:
        return False
    posting = company.rng.choice(costs)
    correct_in_place(company, posting, 6790 if posting.account_no != 6790 else 6800)
    return True


def _correct_by_voucher(company: InventedCompany) -> bool:
    costs = _costs(company)
    if not costs:
        return False
    posting = company.rng.choice(costs)
    correct(company, posting, 6560 if posting.account_no != 6560 else 6550)
    return True


def _reverse(company: InventedCompany) -> bool:
    vouchers = [voucher for voucher in _recent_vouchers(company) if _is_reversible(voucher)]
    if not vouchers:
        return False
    reverse(company, company.rng.choice(vouchers))
    return True


def _recent_vouchers(company: InventedCompany) -> list[Voucher]:
    return list({posting.voucher.id: posting.voucher for posting in _recent(company)}.values())


def _is_reversible(voucher: Voucher) -> bool:
    entries = [posting.entry for posting in voucher.postings if posting.entry]
    return (
        voucher.type in ("OutgoingInvoice", "IncomingInvoice")
        and not voucher.is_reversed
        and bool(entries)
        and all(entry.balance() == entry.amount != 0 for entry in entries)
    )


def _unmatch(company: InventedCompany) -> bool:
    """A payment was matched with the wrong invoice: undone, and matched again some days later."""
    groups = [
        match_id
        for match_id, entries in list(company.books.matches.items())[-60:]
        if len(entries) == 2 and not any(entry.voucher.reverses or entry.is_write_off for entry in entries)
    ]
    if not groups:
        return False
    first, second = unmatch(company.books, company.rng.choice(groups))
    company.plant("match undone", f"entries {first.id} and {second.id}")

    def again() -> None:
        if first.balance() and second.balance():
            match(company.books, first, second)
            company.plant("matched later", f"entries {first.id} and {second.id}")

    company.at(company.moment(company.today + timedelta(days=company.rng.randrange(1, 5))), again)
    return True


def _post_late(company: InventedCompany) -> bool:
    """The lock date is moved back by hand, an invoice is posted into the reported term, and the lock is restored.

    It goes to a balance account, since the term may lie in a year whose result is posted.
    """
    locked = company.books.profile.lock_date
    suppliers = company.suppliers()
    if locked is None or not suppliers or locked < company.books.profile.conversion_date:
        return False
    lift_lock(company, locked, minutes=10, why="for hånd")
    net = company.rng.randrange(100, 900) * 100
    made = purchases.book_invoice(
        company,
        company.rng.choice(suppliers),
        "IncomingInvoice",
        locked,
        [(1749, net)],
        vat_code="1",
        text="For sent ute",
    )
    company.plant("posted late", f"voucher {made.voucher.no} on {locked}")
    return True


def _post_ahead(company: InventedCompany) -> bool:
    """A cost booked today with a posting date some weeks ahead."""
    day = company.today + timedelta(days=company.rng.randrange(20, 70))
    voucher = company.journal.voucher("ManualJournal", company.today, "Kostnad frem i tid")
    amount = company.rng.randrange(100, 2_000) * 100
    company.journal.post(voucher, 6390, amount, on=day)
    company.journal.post(voucher, 2960, -amount, on=day)
    company.add(voucher)
    company.plant("posted ahead", f"voucher {voucher.no} on {day}")
    return True


def _drop_draft(company: InventedCompany) -> bool:
    """A draft made by mistake, deleted the next day."""
    return sales.draft(company, order_lines.goods, is_mistake=True)


def _credit(company: InventedCompany) -> bool:
    """Credit one of the newest unpaid invoices."""
    before = len(company.books.outgoing)
    for invoice in list(company.books.outgoing.values())[:-30:-1]:
        if invoice.lines and invoice.total > 0:
            credit_notes.credit(company, invoice)
        if len(company.books.outgoing) > before:
            return True
    return False


def _write_small_rest(company: InventedCompany) -> bool:
    """Give up three per cent of what a customer owes on an invoice."""
    owed = [
        entry
        for entry in company.books.entries.values()
        if entry.kind == "customer" and entry.currency == "NOK" and entry.balance() > 20_000
    ]
    return bool(owed) and _write_off(company, company.rng.choice(owed))


def _write_off(company: InventedCompany, entry: Entry) -> bool:
    amount = share(entry.balance(), 300)
    voucher = company.journal.voucher("ManualJournal", company.today, f"Avskrevet rest, faktura {entry.invoice_no}")
    lost = company.journal.post_party(voucher, company.books.contacts[entry.contact_id], "customer", -amount)
    lost.is_write_off = True
    company.journal.post(voucher, 7830, amount)
    company.add(voucher)
    match(company.books, entry, lost)
    company.plant("written off", f"entry {entry.id}")
    return True


# Those that post vouchers come more seldom in small companies, where they would be most of what is booked.
POSTING_CHANGES: tuple[Change, ...] = (
    _correct_by_voucher,
    _reverse,
    _post_late,
    _post_ahead,
    _credit,
    _write_small_rest,
)
CHANGES: tuple[Change, ...] = (
    _edit_text,
    _move_dimension,
    _correct_in_place,
    _unmatch,
    _drop_draft,
    *register_changes.CHANGES,
    *POSTING_CHANGES,
    *contact_details.CHANGES,
)
