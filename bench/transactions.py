"""Invented account transactions as the vendor's schema has them: all 52 fields, repeatable, one JSON object per line.

Written once into a file each, since a server that makes them up as it answers would be what is measured.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

FIRST_ID = 10_000_000_000  # eleven digits: the second one numbers the copies that the server makes of all rows
FIRST_DAY, DAYS = date(2021, 1, 1), 1_800
CREATED = datetime(2021, 1, 1, 8, tzinfo=UTC)
CHANGED = datetime(2026, 3, 1, 8, tzinfo=UTC)
CHANGES = 5_000  # rows that come later: four of five are known already
ACCOUNTS = (1500, 1570, 1920, 2400, 2600, 2700, 2740, 2770, 3000, 3100, 4000, 4300, 5000, 5400, 6300, 6540, 6800, 7140)
TEXTS = ("Faktura", "Kreditnota", "Innbetaling", "Lønn", "Husleie oktober", "Strøm", "Mva-oppgjør", "Purregebyr")
TYPES = ("OutgoingInvoice", "IncomingInvoice", "BankJournal", "ManualJournal", "Payroll")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a table must hold: rows, and the sum of their amounts in øre."""

    rows: int
    ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The files, and what a table holds after all rows (`full`), and after the changed ones too (`changed`)."""

    rows: Path
    changes: Path
    full: Truth
    changed: Truth


def books(folder: Path, rows: int, *, seed: int = 42) -> Books:
    """Make the files, or find those that an earlier call made."""
    at = folder / f"transactions-{rows}"
    told = at / "truth.json"
    if not told.exists():
        at.mkdir(parents=True, exist_ok=True)
        told.write_text(json.dumps(_write(at, rows, random.Random(seed))))
    truth = {name: Truth(**figures) for name, figures in json.loads(told.read_text()).items()}
    return Books(rows=at / "rows.ndjson", changes=at / "changes.ndjson", **truth)


def _write(at: Path, rows: int, chance: random.Random) -> dict[str, dict[str, int]]:
    ore: list[int] = []
    with (at / "rows.ndjson").open("wb") as file:
        for number in range(rows):
            row, amount = _row(number, rows, chance, CREATED + timedelta(seconds=number * 300))
            ore.append(amount)
            file.write(orjson.dumps(row) + b"\n")
    full = Truth(rows=rows, ore=sum(ore))
    fresh = 0
    with (at / "changes.ndjson").open("wb") as file:
        for count, known in enumerate(_changed(rows, chance)):
            number = rows + fresh if known is None else known
            row, amount = _row(number, rows, chance, CHANGED + timedelta(seconds=count))
            file.write(orjson.dumps(row) + b"\n")
            fresh += known is None
            ore[number : number + 1] = [amount]
    return {"full": asdict(full), "changed": asdict(Truth(rows=len(ore), ore=sum(ore)))}


def _changed(rows: int, chance: random.Random) -> Iterator[int | None]:
    """Numbers of known rows in no order, and None where a new one comes."""
    known = iter(chance.sample(range(rows), min(rows, CHANGES * 4 // 5)))
    for count in range(CHANGES):
        yield None if count % 5 == 4 else next(known, None)


def _row(number: int, rows: int, chance: random.Random, changed: datetime) -> tuple[dict[str, Any], int]:
    """One row, and its amount in øre. Fields and their order as in the vendor's description (contract 7.1)."""
    ore = round(chance.uniform(-5_000_000, 5_000_000))
    foreign, ledger, department, project, vat = (chance.random() < share for share in (0.05, 0.35, 0.4, 0.25, 0.5))
    posted = (FIRST_DAY + timedelta(days=number * DAYS // rows + chance.randrange(30))).isoformat()
    voucher, code = number // 4, chance.randrange(400)
    text = f"{chance.choice(TEXTS)} {number}"
    party = 10_000 + code if ledger else None
    return {
        "AccountId": 1_000_000 + chance.randrange(900),
        "AccountNo": chance.choice(ACCOUNTS),
        "AgricultureDepartment": "None",
        "Amount": ore / 100,
        "BankTransferId": _uuid(chance) if chance.random() < 0.05 else None,
        "ContactId": 5_000_000 + code if ledger else None,
        "CorrectionOfVoucherId": None,
        "CorrectionOfVoucherNo": None,
        "CreatedDateTimeOffset": _instant(CREATED + timedelta(seconds=number * 290)),
        "CreatedFromImportJournalId": None,
        "CurrencyAmount": round(ore / 1130, 2) if foreign else ore / 100,
        "CurrencyCode": "EUR" if foreign else "NOK",
        "CustomerAccountNo": party if code % 2 else None,
        "DepartmentCode": str(10 + code % 12) if department else None,
        "DepartmentId": 700_000 + code % 12 if department else None,
        "Description": text if chance.random() < 0.9 else None,
        "Dim1Code": None,
        "Dim1Id": None,
        "Dim2Code": None,
        "Dim2Id": None,
        "Dim3Code": None,
        "Dim3Id": None,
        "EmployeeAccountNo": None,
        "ExternalImportReference": None,
        "Id": FIRST_ID + number,
        "ImportedVoucherNo": None,
        "IsNoteMainEntry": False,
        "IsReversed": chance.random() < 0.01,
        "LastChangedDateTimeOffset": _instant(changed),
        "LocationCode": None,
        "LocationId": None,
        "PostingDate": posted,
        "ProductCode": f"V{code}" if code % 10 == 0 else None,
        "ProductId": 300_000 + code if code % 10 == 0 else None,
        "ProjectCode": f"P{code:04d}" if project else None,
        "ProjectId": 800_000 + code if project else None,
        "Quantity": float(code % 40) if code % 10 == 0 else None,
        "Quantity2": None,
        "ReversedVoucherId": None,
        "ReversedVoucherNo": None,
        "SubLedgerEntryId": 900_000_000 + number if ledger else None,
        "SupplierAccountNo": None if code % 2 else party,
        "VatAmount": round(ore / 500, 2) if vat else 0.0,
        "VatCode": str(chance.choice((1, 3, 5, 31, 33))) if vat else "0",
        "VatId": 40_000_000 + code % 6,
        "VatRate": 0.25 if vat else 0.0,
        "VatReturnSpecification": "None",
        "VoucherDate": posted,
        "VoucherDescription": text,
        "VoucherId": str(uuid.UUID(int=(voucher + 1) * 2**96 // (rows + 1) + voucher, version=4)),
        "VoucherNo": 10_000 + voucher,
        "VoucherType": chance.choice(TYPES),
    }, ore


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _instant(moment: datetime) -> str:
    """With seven digits, as the vendor writes it (contract 5.4)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
