"""What the official schema does not catch in a SAF-T file: references to nothing, doubles, sums. Streamed, any size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element

from tieout.reports.saft.elements import NAMESPACE

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up. `kind` is a word for programs, `text` a sentence for people, of these `facts`."""

    kind: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Seen:
    """What was met on the way through a file."""

    accounts: Counter[str] = field(default_factory=Counter)
    opening: dict[str, Decimal] = field(default_factory=dict)
    closing: dict[str, Decimal] = field(default_factory=dict)
    moved: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    customers: set[str] = field(default_factory=set)
    suppliers: set[str] = field(default_factory=set)
    vat_codes: set[str] = field(default_factory=set)
    dimensions: set[tuple[str, str]] = field(default_factory=set)
    transactions: int = 0
    debit: Decimal = _ZERO
    credit: Decimal = _ZERO
    told: dict[str, str] = field(default_factory=dict)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)  # what lines name and no register has


def check(path: Path) -> list[Finding]:
    """All that is wrong with a file, empty where nothing is. Raises OSError, and lxml's XMLSyntaxError for no XML."""
    seen = _Seen()
    found = list(_read(path, seen))
    found += [
        Finding("duplicate_account", f"Account {n} is listed {t} times.", {"account": n, "times": str(t)})
        for n, t in seen.accounts.items()
        if t > 1
    ]
    found += [
        Finding(
            f"unknown_{kind}",
            f"{lines} lines name {kind.replace('_', ' ')} {name}, which no register has.",
            {"name": name, "lines": str(lines)},
        )
        for (kind, name), lines in seen.missing.items()
    ]
    return found + list(_sums(seen))


def _read(path: Path, seen: _Seen) -> Iterator[Finding]:
    wanted = ("Account", "Customer", "Supplier", "TaxCodeDetails", "AnalysisTypeTableEntry", "Transaction")
    totals = ("NumberOfEntries", "TotalDebit", "TotalCredit")
    tags = [f"{{{NAMESPACE}}}{name}" for name in (*wanted, *totals)]
    for _, node in etree.iterparse(
        str(path), events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
    ):
        name = etree.QName(node).localname
        if name in totals:
            seen.told.setdefault(name, node.text or "")
        elif name == "Transaction":
            yield from _transaction(node, seen)
        else:
            _register(name, node, seen)
        node.clear()
        while node.getprevious() is not None:
            del node.getparent()[0]


def _register(name: str, node: Element, seen: _Seen) -> None:
    match name:
        case "Account" if number := _text(node, "AccountID"):
            seen.accounts[number] += 1
            seen.opening[number], seen.closing[number] = _balance(node, "Opening"), _balance(node, "Closing")
        case "Customer":
            seen.customers.add(_text(node, "CustomerID"))
        case "Supplier" if number := _text(node, "SupplierID"):
            seen.suppliers.add(number)
        case "TaxCodeDetails":
            seen.vat_codes.add(_text(node, "TaxCode"))
        case "AnalysisTypeTableEntry":
            seen.dimensions.add((_text(node, "AnalysisType"), _text(node, "AnalysisID")))


def _transaction(node: Element, seen: _Seen) -> Iterator[Finding]:
    seen.transactions += 1
    rest = _ZERO
    for line in _all(node, "Line"):
        amount = _amount(line, "DebitAmount") - _amount(line, "CreditAmount")
        rest += amount
        seen.debit += max(_ZERO, amount)
        seen.credit += max(_ZERO, -amount)
        seen.moved[_text(line, "AccountID")] += amount
        _references(line, seen)
    if rest:
        number = _text(node, "TransactionID")
        yield Finding(
            "unbalanced_voucher",
            f"Voucher {number} is {rest} off balance.",
            {"voucher": number, "amount": str(rest)},
        )


def _references(line: Element, seen: _Seen) -> None:
    named = [
        ("account", _text(line, "AccountID"), seen.accounts),
        ("customer", _text(line, "CustomerID"), seen.customers),
        ("supplier", _text(line, "SupplierID"), seen.suppliers),
        *(("vat_code", _text(tax, "TaxCode"), seen.vat_codes) for tax in _all(line, "TaxInformation")),
    ]
    for kind, name, register in named:
        if name and name not in register:
            seen.missing[kind, name] += 1
    for analysis in _all(line, "Analysis"):
        value = _text(analysis, "AnalysisType"), _text(analysis, "AnalysisID")
        if value not in seen.dimensions:
            seen.missing["dimension", " ".join(value)] += 1


def _sums(seen: _Seen) -> Iterator[Finding]:
    counted = {"NumberOfEntries": Decimal(seen.transactions), "TotalDebit": seen.debit, "TotalCredit": seen.credit}
    for name, figure in counted.items():
        if _decimal(seen.told.get(name, "")) != figure:
            told = seen.told.get(name) or "nothing"
            yield Finding(
                "wrong_total",
                f"{name} says {told}; the vouchers make {figure}.",
                {"name": name, "told": told, "amount": str(figure)},
            )
    for number in seen.accounts:
        off = seen.closing[number] - seen.opening[number] - seen.moved[number]
        if off:
            yield Finding(
                "closing_balance",
                f"Account {number}: closing is {off} more than opening and movement.",
                {"account": number, "amount": str(off)},
            )


def _balance(node: Element, when: str) -> Decimal:
    return _decimal(_text(node, f"{when}DebitBalance")) - _decimal(_text(node, f"{when}CreditBalance"))


def _amount(line: Element, name: str) -> Decimal:
    return sum((_decimal(_text(amount, "Amount")) for amount in _all(line, name)), _ZERO)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip() or 0)
    except InvalidOperation:
        return _ZERO


def _text(node: Element, name: str) -> str:
    return (node.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _all(node: Element, name: str) -> list[Element]:
    return node.findall(f"{{{NAMESPACE}}}{name}")
