"""Buying: supplier invoices, some of them late or from abroad, credit notes, and the remittances that pay them."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.currency import in_nok
from tieout.simulator.books.invented.lock import open_date
from tieout.simulator.books.invented.working_days import is_working_day
from tieout.simulator.books.matching import match
from tieout.simulator.books.model import NO_TERMS, Contact, Draft, Entry, Invoice, Tags, Terms, Voucher

_COSTS = (6340, 6390, 6420, 6540, 6550, 6560, 6600, 6705, 6790, 6800, 6860, 6900, 6940, 7020, 7140, 7320, 7400, 7350)


def plan(company: InventedCompany, day: date) -> None:
    """Invoices come on working days; suppliers are paid on Tuesdays and Fridays."""
    if not is_working_day(day):
        return
    business = company.business
    for _ in range(company.how_many(business.supplier_invoices * (company.season(day) + 1) / 42)):
        company.at(company.moment(day), lambda: receive_invoice(company))
    for _ in range(company.how_many(business.foreign_invoices / 21)):
        company.at(company.moment(day), lambda: receive_foreign_invoice(company))
    if day.weekday() in (1, 4):
        company.at(company.moment(day, 10, 12), lambda: pay(company))


def receive_invoice(company: InventedCompany) -> Invoice | None:
    """An invoice from home, dated some days back; three of a hundred lie one or two months back."""
    rng = company.rng
    suppliers = company.suppliers()
    if not suppliers:
        return None
    back = rng.randrange(30, 60) if rng.random() < 0.03 else rng.randrange(0, 15)
    day = company.today - timedelta(days=back)
    kind = "IncomingCreditNote" if rng.random() < 0.03 else "IncomingInvoice"
    sign = -1 if kind == "IncomingCreditNote" else 1
    lines = [
        (_account(company), sign * rng.randrange(50, 20_000) * 100 + rng.randrange(100))
        for _ in range(rng.choice((1, 1, 2, 3)))
    ]
    return book_invoice(company, rng.choice(suppliers), kind, day, lines)


def book_invoice(
    company: InventedCompany,
    supplier: Contact,
    kind: str,
    day: date,
    lines: list[tuple[int, int]],
    *,
    text: str | None = None,
    vat_code: str | None = None,
    draft: Draft | None = None,
) -> Invoice:
    """Post an invoice in kroner: `lines` are accounts and øre before VAT, negative on credit notes. A draft gives its id."""
    text = (text or f"Faktura fra {supplier.name}")[:255]
    voucher = company.journal.voucher(kind, day, text, id=draft.id if draft else None)
    if draft is not None:
        voucher.drafted, voucher.from_ehf = draft.created, draft.from_ehf
    on = open_date(company, day)
    tags = cost_tags(company)
    due = day + timedelta(days=company.rng.choice((14, 20, 30)))
    number = f"{company.rng.randrange(10**6):06d}"
    entry = company.journal.post_party(
        voucher, supplier, "supplier", 0, on=on, tags=tags, due=due, invoice_no=number, is_main=True
    )
    entry.kid = f"{company.rng.randrange(10**9):09d}" if company.rng.random() < 0.6 else None
    total = 0
    for account_no, net in lines:
        code = vat_code or company.books.accounts[account_no].vat_code or "0"
        total += company.journal.post_taxed(voucher, account_no, net, code, on=on, tags=cost_tags(company))
    return finish(company, voucher, entry, net=sum(net for _, net in lines), total=total, total_nok=total)


def receive_foreign_invoice(company: InventedCompany) -> None:
    """Goods (code 81) or services (code 86) from abroad: the voucher books the VAT on both sides."""
    rng = company.rng
    suppliers = company.suppliers(rng.choice(("EUR", "EUR", "SEK", "USD")))
    if not suppliers:
        return
    supplier = rng.choice(suppliers)
    net = rng.randrange(200, 8_000) * 100 + rng.randrange(100)
    number = f"INV-{rng.randrange(10**5)}"
    account_no, code = rng.choice(((4300, "81"), (6795, "86"), (6420, "86")))
    book_foreign_invoice(company, supplier, net, account_no, code, number=number)


def book_foreign_invoice(
    company: InventedCompany, supplier: Contact, net: int, account_no: int, code: str, *, number: str
) -> Invoice:
    """Post an invoice in the supplier's currency (`net` in its hundredths), at today's rate."""
    currency = supplier.currency
    voucher = company.journal.voucher("IncomingInvoice", company.today, f"Faktura fra {supplier.name}")
    due = company.today + timedelta(days=30)
    entry = company.journal.post_party(
        voucher, supplier, "supplier", 0, currency=currency, due=due, invoice_no=number, is_main=True
    )
    total = company.journal.post_taxed(
        voucher,
        account_no,
        in_nok(company, currency, net),
        code,
        currency=currency,
        currency_net=net,
        tags=cost_tags(company),
    )
    return finish(company, voucher, entry, net=net, total=net, total_nok=total, currency=currency)


def finish(
    company: InventedCompany,
    voucher: Voucher,
    entry: Entry,
    *,
    net: int,
    total: int,
    total_nok: int,
    currency: str = "NOK",
) -> Invoice:
    """Fill in what is owed, put voucher and invoice into the books, and remember to pay. Amounts as the supplier asks them."""
    rng = company.rng
    posting = voucher.postings[0]
    entry.amount = posting.amount = -total_nok
    entry.currency_amount = posting.currency_amount = -total
    invoice = Invoice(
        kind="incoming",
        voucher=voucher,
        contact_id=entry.contact_id,
        invoice_no=entry.invoice_no,
        entry=entry,
        date=voucher.date,
        due=entry.due,
        net=-net,
        total=-total,
        net_nok=-net if currency == "NOK" else -total_nok,
        total_nok=-total_nok,
        created=company.books.now,
        changed=company.books.now,
        currency=currency,
        rate=company.books.rates[currency, company.today] if currency != "NOK" else None,
        kid=entry.kid,
        tags=entry.tags,
        terms=_terms(company),
        related_invoice_no=f"{rng.randrange(10**6):06d}" if voucher.type == "IncomingCreditNote" else None,
    )
    company.books.incoming[voucher.id] = invoice
    entry.matching_reference = invoice.terms.matching_reference
    company.add(voucher)
    company.payables.append(entry)
    return invoice


def _terms(company: InventedCompany) -> Terms:
    """One invoice in five refers to a contract and an order of ours."""
    if company.rng.random() < 0.8:
        return NO_TERMS
    number = company.rng.randrange(1000)
    return Terms(
        contract_no=f"R-{number % 20}",
        purchase_order=f"B{number}",
        matching_reference=f"L{number}" if number % 3 == 0 else None,
    )


def pay(company: InventedCompany) -> None:
    """Pay what falls due within three days, one bank line for all."""
    _use_credits(company)
    soon = company.today + timedelta(days=3)
    due = [entry for entry in company.payables if entry.due is None or entry.due <= soon]
    company.payables = [
        entry for entry in company.payables if entry.balance() > 0 or (entry.due is not None and entry.due > soon)
    ]
    open_ones = [entry for entry in due if entry.balance() < 0]
    if not open_ones:
        return
    voucher = company.journal.voucher("IncomingBankRemittance", company.today, "Utbetalinger")
    transfer = company.journal.new_uuid()
    paid_in_all = 0
    pairs = []
    for entry in open_ones:
        owed = -entry.balance()
        supplier = company.books.contacts[entry.contact_id]
        paid_in_all += _bank_amount(company, voucher, entry, owed)
        currency_amount = -entry.currency_amount if entry.currency != "NOK" else None
        paid = company.journal.post_party(
            voucher,
            supplier,
            "supplier",
            owed,
            currency=entry.currency,
            currency_amount=currency_amount,
            tags=entry.tags,
        )
        voucher.postings[-1].bank_transfer_id = transfer
        pairs.append((entry, paid))
    company.journal.post(voucher, 1920, -paid_in_all)
    company.add(voucher)
    for entry, paid in pairs:
        match(company.books, entry, paid)


def _use_credits(company: InventedCompany) -> None:
    """Let credit notes settle open invoices of the same supplier; what is left of them waits for the next."""
    for credit in [entry for entry in company.payables if entry.balance() > 0]:
        for entry in company.payables:
            if entry.contact_id == credit.contact_id and entry.balance() < 0 < credit.balance():
                match(company.books, entry, credit)


def _bank_amount(company: InventedCompany, voucher: Voucher, entry: Entry, owed: int) -> int:
    """What the bank takes: at the day's rate in another currency, with the difference posted as gain or loss."""
    if entry.currency == "NOK" or owed != -entry.amount:
        return owed
    taken = in_nok(company, entry.currency, -entry.currency_amount)
    if taken != owed:
        company.journal.post(voucher, 8160 if taken > owed else 8060, taken - owed)
    return taken


def cost_tags(company: InventedCompany) -> Tags:
    """Seven of ten costs have a department, three a project, one in twenty a custom dimension."""
    rng, books = company.rng, company.books
    projects = company.open_projects()
    departments = company.usable(books.departments)
    dimensions: list[int | None] = [None, None, None]
    if rng.random() < 0.05:
        value = rng.choice(company.usable(books.custom_dimensions))
        dimensions[(value.ordinal or 1) - 1] = value.id
    return company.tags(
        department=rng.choice(departments).id if departments and rng.random() < 0.7 else None,
        project=rng.choice(projects).id if projects and rng.random() < 0.3 else None,
        location=rng.choice(company.usable(books.locations)).id if rng.random() < 0.1 else None,
        dim1=dimensions[0],
        dim2=dimensions[1],
        dim3=dimensions[2],
    )


def _account(company: InventedCompany) -> int:
    return company.business.material_account if company.rng.random() < 0.4 else company.rng.choice(_COSTS)
