"""Files of books for tests: those nobody here wrote, and small ones made to measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tieout import config
from tieout.simulator.books.load import load_companies
from tieout.simulator.books.model import Books

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"


def real_file(name: str) -> Path:
    """A file of the shared data; the test is skipped where it is not there."""
    path = config.load().test_data / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there (TIEOUT_TEST_DATA)")
    return path


def load_text(folder: Path, text: str, *, encoding: str = "utf-8", now: datetime = NOW) -> Books:
    """Write a file and load it."""
    path = folder / "books.dat"
    path.write_bytes(text.encode(encoding))
    return load(path, now=now)


def load(path: Path, *, now: datetime = NOW) -> Books:
    (company,) = load_companies([path], now=now)
    return company.books


def movements(books: Books) -> dict[tuple[int, int, int], int]:
    """Movement per account and month, opening voucher left out, zeros included."""
    sums: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for posting in books.postings.values():
        if posting.voucher.no:
            sums[posting.account_no, posting.date.year, posting.date.month] += posting.amount
    return dict(sums)


def unbalanced(books: Books) -> list[int]:
    """Numbers of vouchers that don't sum to zero on each posting date; the opening one need not."""
    found = []
    for voucher in books.vouchers.values():
        sums: defaultdict[date, int] = defaultdict(int)
        for posting in voucher.postings:
            sums[posting.date] += posting.amount
        if voucher.no and any(sums.values()):
            found.append(voucher.no)
    return found


def sie(
    *lines: str, head: Iterable[str] = ("#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", "#RAR 0 20250101 20251231")
) -> str:
    return "\r\n".join([*head, *lines]) + "\r\n"


def saft(
    *,
    accounts: str = "",
    parties: str = "",
    tables: str = "",
    entries: str = "",
    criteria: str = "<PeriodStart>1</PeriodStart><PeriodStartYear>2025</PeriodStartYear>"
    "<PeriodEnd>12</PeriodEnd><PeriodEndYear>2025</PeriodEndYear>",
    version: str = "1.30",
    company: str = "",
    namespace: str = NAMESPACE,
    prolog: str = "",
) -> str:
    """A SAF-T file around the parts that a test is about."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{prolog}<n1:AuditFile xmlns:n1="{namespace}" xmlns="{namespace}">
<Header><AuditFileVersion>{version}</AuditFileVersion><AuditFileCountry>NO</AuditFileCountry>
<AuditFileDateCreated>2026-01-10</AuditFileDateCreated>
<Company><RegistrationNumber>999999999</RegistrationNumber><Name>Fixture AS</Name>{company}</Company>
<DefaultCurrencyCode>NOK</DefaultCurrencyCode><SelectionCriteria>{criteria}</SelectionCriteria></Header>
<MasterFiles><GeneralLedgerAccounts>{accounts}</GeneralLedgerAccounts>{parties}{tables}</MasterFiles>
<GeneralLedgerEntries><Journal><JournalID>GL</JournalID>
{entries}</Journal></GeneralLedgerEntries></n1:AuditFile>
"""


def account(number: str, *, opening: str = "0", closing: str | None = None, extra: str = "") -> str:
    """Amounts debit positive, as texts."""
    published = "" if closing is None else _sided("Closing", closing)
    return (
        f"<Account><AccountID>{number}</AccountID><AccountDescription>Konto {number}</AccountDescription>{extra}"
        f"{_sided('Opening', opening)}{published}</Account>"
    )


def party(
    kind: str, key: str, *, account: str | None = None, opening: str = "0", closing: str | None = None, extra: str = ""
) -> str:
    """A customer or supplier as 1.30 writes it."""
    number = f"<AccountID>{account}</AccountID>" if account else ""
    published = "" if closing is None else _sided("Closing", closing)
    return (
        f"<{kind}><Name>{kind} {key}</Name><{kind}ID>{key}</{kind}ID>"
        f"<BalanceAccount>{number}{_sided('Opening', opening)}{published}</BalanceAccount>{extra}</{kind}>"
    )


def transaction(
    number: str, *lines: str, on: str = "2025-03-10", period: str = "3", year: str = "2025", extra: str = ""
) -> str:
    return (
        f"<Transaction><TransactionID>{number}</TransactionID><Period>{period}</Period><PeriodYear>{year}</PeriodYear>"
        f"<TransactionDate>{on}</TransactionDate>{extra}<Description>Bilag {number}</Description>"
        f"<SystemEntryDate>{on}</SystemEntryDate>{''.join(lines)}</Transaction>\n"
    )


def line(account: str, amount: str, extra: str = "") -> str:
    """Amount debit positive; a credit is written on its side, without a sign."""
    side = "Credit" if amount.startswith("-") else "Debit"
    value = amount.removeprefix("-")
    return (
        f"<Line><RecordID>1</RecordID><AccountID>{account}</AccountID>{extra}"
        f"<{side}Amount><Amount>{value}</Amount></{side}Amount></Line>"
    )


def analysis(kind: str, key: str, amount: str | None = None, side: str = "Debit") -> str:
    part = f"<{side}AnalysisAmount><Amount>{amount}</Amount></{side}AnalysisAmount>" if amount else ""
    return f"<Analysis><AnalysisType>{kind}</AnalysisType><AnalysisID>{key}</AnalysisID>{part}</Analysis>"


def _sided(which: str, amount: str) -> str:
    side = "Credit" if amount.startswith("-") else "Debit"
    return f"<{which}{side}Balance>{amount.removeprefix('-')}</{which}{side}Balance>"
