"""What kind of voucher a transaction is: from the file's own code when it is known, else from its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_VOCABULARY = {
    name.lower(): name
    for name in (
        "IncomingInvoice", "IncomingCreditNote", "OutgoingInvoice", "OutgoingCreditNote", "IncomingBankRemittance",
        "IncomingOcrGiro", "ManualJournal", "Expense", "CashJournal", "IncomingPayments", "OutgoingPayments",
        "YearEndJournal", "BankJournal", "VatReturns", "PayrollJournal", "OutgoingPaymentReminder",
        "OutgoingNoticeOfDebtCollection", "OutgoingPaymentDemand", "OutgoingWarrantOfExecution", "CorrectionVoucher",
        "ReversalVoucher", "DepreciationJournal", "TravelExpense", "Settlement", "NegativeSettlement",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One line as far as its kind of voucher goes: account, øre, whose ledger it is in (customer, supplier), KID."""

    account_no: int
    amount: int
    kind: str | None = None
    has_kid: bool = False


def voucher_type(code: str | None, sides: Sequence[Side]) -> str:
    """The vendor's VoucherType. `code` is SAF-T's: SI and PI are sales and purchase invoices, P a payment."""
    known = _VOCABULARY.get((code or "").lower())
    if known is not None:
        return known
    customer = sum(side.amount for side in sides if side.kind == "customer")
    supplier = sum(side.amount for side in sides if side.kind == "supplier")
    if code == "SI":
        return "OutgoingCreditNote" if customer < 0 else "OutgoingInvoice"
    if code == "PI":
        return "IncomingCreditNote" if supplier > 0 else "IncomingInvoice"
    payment = _payment(sides, customer, supplier)
    if code == "P":
        return payment or "BankJournal"
    return payment or _invoice(sides, customer, supplier) or _internal(sides)


def _payment(sides: Sequence[Side], customer: int, supplier: int) -> str | None:
    """Looked at before invoices: a payment may carry a fee, which looks like a cost on a credit note."""
    bank = [side.amount for side in sides if _starts(side, 19)]
    has_kid = any(side.has_kid for side in sides if side.kind)
    if customer < 0 and any(amount > 0 for amount in bank):
        return "IncomingOcrGiro" if has_kid else "BankJournal"
    if supplier > 0 and any(amount < 0 for amount in bank):
        return "IncomingBankRemittance" if has_kid else "BankJournal"
    return None


def _invoice(sides: Sequence[Side], customer: int, supplier: int) -> str | None:
    sales = [side.amount for side in sides if _starts(side, 3)]
    if customer > 0 and sales:
        return "OutgoingInvoice"
    if customer < 0 and any(amount > 0 for amount in sales):
        return "OutgoingCreditNote"
    has_cost = any(_starts(side, 1, 4, 5, 6, 7) and not _starts(side, 19) and side.kind is None for side in sides)
    if supplier and has_cost:
        return "IncomingInvoice" if supplier < 0 else "IncomingCreditNote"
    return None


def _internal(sides: Sequence[Side]) -> str:
    def any_on(*prefixes: int) -> bool:
        return any(_starts(side, *prefixes) for side in sides)

    if any_on(5) and any_on(2600, 2930):
        return "PayrollJournal"
    if any_on(2740) and any_on(270, 271, 272) and all(_starts(side, 27, 7740) for side in sides):
        return "VatReturns"
    if any_on(600, 601, 6020) and any_on(10, 11, 12):
        return "DepreciationJournal"
    if any(8800 <= int(str(side.account_no)[:4]) <= 8960 for side in sides):
        return "YearEndJournal"
    return "ManualJournal"


def _starts(side: Side, *prefixes: int) -> bool:
    return str(side.account_no).startswith(tuple(str(prefix) for prefix in prefixes))
