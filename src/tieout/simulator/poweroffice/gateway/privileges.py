"""Which privilege opens what, and which of the client's modules must stand behind it (contract 6, 7.18, 8.4)."""

from __future__ import annotations

from collections.abc import Iterable

_BOOKS = frozenset({"Accounting", "AccountingMicro", "AccountingNano"})
_LEDGERS = frozenset({"Accounting", "AccountingMicro"})
_FULL = frozenset({"Accounting"})

# Any of the modules backs the privilege. What the vendor asks for exactly is not published; this is one such rule.
MODULES = {
    "AccountTransaction": _BOOKS,
    "TrialBalance": _BOOKS,
    "GeneralLedgerAccount": _BOOKS,
    "ClientBankAccount": _BOOKS,
    "CommonServices": None,
    "Customer": _BOOKS,
    "Supplier": _BOOKS,
    "ContactPerson": None,
    "ContactGroup": None,
    "ContactBankAccount": None,
    "ContactDeliveryAddress": None,
    "JournalEntryVoucher": _BOOKS,
    "VoucherDocumentation": _BOOKS,
    "CustomerLedger": _LEDGERS,
    "SupplierLedger": _LEDGERS,
    "OutgoingInvoice": _BOOKS,
    "IncomingInvoice": _BOOKS,
    "SalesOrders": _BOOKS,
    "Product": _BOOKS,
    "Project": _LEDGERS | {"TimeTracking"},
    "Employee": None,
    "Department": _LEDGERS,
    "Location": _FULL,
    "CustomDimension": _FULL,
    "TimeTracking": frozenset({"TimeTracking"}),
    "PayItem": frozenset({"Payroll"}),
    "QualityAssignmentLight": frozenset({"Quality"}),
}
# A read privilege may be called by its bare name or by that of the one for reading and writing.
GRANTED = tuple(f"{name}_Full" if name in ("Customer", "Supplier") else name for name in MODULES)


def split(granted: Iterable[str], subscriptions: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those that can be used, and those that the client's modules do not cover."""
    active = set(subscriptions)
    valid: list[str] = []
    invalid: list[str] = []
    for privilege in granted:
        modules = MODULES.get(privilege.removesuffix("_Full"))
        (valid if modules is None or modules & active else invalid).append(privilege)
    return valid, invalid


def opens(valid: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether any wanted privilege is there, for reading or in full."""
    held = set(valid)
    return any(name in held or f"{name}_Full" in held for name in wanted)
