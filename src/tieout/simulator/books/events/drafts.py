"""Vouchers in the making: they wait in journal entry some days, then are posted under their id, or deleted."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.events import purchases
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.working_days import is_working_day, working_day_on_or_after
from tieout.simulator.books.model import Draft

_EVERY = 3  # days


def plan(company: InventedCompany, day: date) -> None:
    """A draft every few working days."""
    if day.toordinal() % _EVERY == 0 and is_working_day(day):
        with company.aside("drafts"):
            company.at(company.moment(day), lambda: begin(company))


def begin(company: InventedCompany) -> Draft:
    """Two of three are suppliers' invoices that came as EHF, half of those wait for approval; one in four comes to nothing."""
    with company.aside("draft"):
        rng, now = company.rng, company.books.now
        is_invoice = rng.random() < 0.67
        kind = "IncomingInvoice" if is_invoice else "ManualJournal"
        in_approval = is_invoice and rng.random() < 0.5
        draft = Draft(
            id=company.journal.new_uuid(),
            type=kind,
            created=now,
            changed=now,
            from_ehf=is_invoice,
            in_approval=in_approval,
        )
        company.books.drafts[draft.id] = draft
        company.books.version += 1
        done = company.moment(working_day_on_or_after(company.today + timedelta(days=rng.randrange(4, 9))))
        ends = delete if rng.random() < 0.25 else post
        company.at(done, lambda: draft.id in company.books.drafts and ends(company, draft))
        if in_approval:
            company.at(now + timedelta(days=1), lambda: _approve(company, draft))
    return draft


def post(company: InventedCompany, draft: Draft) -> None:
    """Post a draft as it is now: the voucher has its id."""
    with company.aside("draft"):
        suppliers = company.suppliers()
        if draft.type == "IncomingInvoice" and suppliers:
            lines = [(6540, company.rng.randrange(50, 3_000) * 100 + company.rng.randrange(100))]
            day = company.today - timedelta(days=company.rng.randrange(0, 10))
            supplier = company.rng.choice(suppliers)
            purchases.book_invoice(company, supplier, draft.type, day, lines, draft=draft)
        else:
            _post_journal(company, draft)
    _forget(company, draft)


def delete(company: InventedCompany, draft: Draft) -> None:
    """Gone without a trace."""
    _forget(company, draft)
    company.plant("draft voucher deleted", str(draft.id))


def _approve(company: InventedCompany, draft: Draft) -> None:
    draft.in_approval, draft.changed = False, company.books.now
    company.books.version += 1


def _post_journal(company: InventedCompany, draft: Draft) -> None:
    voucher = company.journal.voucher("ManualJournal", company.today, "Periodisert kostnad", id=draft.id)
    voucher.drafted = draft.created
    amount = company.rng.randrange(100, 2_000) * 100
    company.journal.post(voucher, 6390, amount)
    company.journal.post(voucher, 2960, -amount)
    company.add(voucher)


def _forget(company: InventedCompany, draft: Draft) -> None:
    del company.books.drafts[draft.id]
    company.books.version += 1
