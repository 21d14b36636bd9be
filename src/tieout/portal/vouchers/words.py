"""What kinds of vouchers are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VOUCHER_TYPES = {
    "incoming_invoice": _("Incoming invoice"),
    "outgoing_invoice": _("Outgoing invoice"),
    "incoming_credit_note": _("Incoming credit note"),
    "outgoing_credit_note": _("Outgoing credit note"),
    "bank_journal": _("Bank journal"),
    "manual_journal": _("Manual journal"),
    "cash_journal": _("Cash journal"),
    "payroll_journal": _("Payroll journal"),
    "year_end_journal": _("Year-end journal"),
    "depreciation_journal": _("Depreciation journal"),
    "incoming_ocr_giro": _("Incoming OCR giro"),
    "incoming_bank_remittance": _("Incoming bank remittance"),
    "incoming_payments": _("Incoming payments"),
    "outgoing_payments": _("Outgoing payments"),
    "expense": _("Expense"),
    "travel_expense": _("Travel expense"),
    "vat_returns": _("VAT return"),
    "outgoing_payment_reminder": _("Payment reminder"),
    "outgoing_notice_of_debt_collection": _("Notice of debt collection"),
    "outgoing_payment_demand": _("Payment demand"),
    "outgoing_warrant_of_execution": _("Warrant of execution"),
    "correction_voucher": _("Correction voucher"),
    "reversal_voucher": _("Reversal voucher"),
    "settlement": _("Settlement"),
    "negative_settlement": _("Negative settlement"),
    "system_generated_documentation_voucher": _("Documentation voucher made by the system"),
    "unknown": _("Unknown kind"),
}


def type_title(code: str | None) -> str:
    """A kind in words; one that is not known by its code."""
    return str(VOUCHER_TYPES.get(code or "unknown", (code or "").replace("_", " ").capitalize()))
