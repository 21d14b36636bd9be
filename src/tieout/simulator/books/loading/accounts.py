"""Ledger accounts: a number for each of the file's ids, and a type where the file tells none."""

from __future__ import annotations

from datetime import datetime

from tieout.simulator.books.loading.content import AccountRow
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import Account, Books

_CATEGORIES = (("balanseverdi", "Asset"), ("egenkapital", "Equity"), ("gjeld", "Liability"), ("inntekt", "Income"))
_MOST_DIGITS = 12


class Accounts:
    """`numbers` is the table of ids and the account numbers they got, kept beside the load."""

    def __init__(self, books: Books, opened: datetime, remarks: Remarks) -> None:
        self.numbers: dict[str, int] = {}
        self._books = books
        self._opened = opened
        self._remarks = remarks

    def add_all(self, rows: list[AccountRow]) -> None:
        """Numeric ids first: they keep their number, whatever stands before them."""
        for row in sorted(rows, key=lambda row: not _is_number(row.id)):
            if row.id not in self.numbers:
                self._add(row)

    def number(self, account_id: str) -> int:
        """The number of an account; one that the chart lacks is made up, and told."""
        known = self.numbers.get(account_id)
        if known is not None:
            return known
        self._remarks.often("Accounts that are used but missing in the file's chart were added", account_id)
        return self._add(AccountRow(id=account_id, name=f"Konto {account_id} (ikke i filens kontoplan)"))

    def has(self, account_id: str) -> bool:
        return account_id in self.numbers

    def _add(self, row: AccountRow) -> int:
        number = self._free_number(row.id)
        self.numbers[row.id] = number
        self._books.accounts[number] = Account(
            id=self._books.new_id(),
            created=self._opened,
            changed=self._opened,
            no=number,
            name=row.name or f"Konto {row.id}",
            type=row.type or account_type(number, row),
        )
        return number

    def _free_number(self, account_id: str) -> int:
        """Its own number; else its digits, so that its class stays; else the next of a range that no chart uses."""
        if _is_number(account_id) and int(account_id) not in self._books.accounts:
            return int(account_id)
        digits = "".join(letter for letter in account_id if letter in "0123456789").lstrip("0")
        number = int(digits) if digits and len(digits) <= _MOST_DIGITS else 9_000_001
        while number in self._books.accounts:
            number += 1
        self._remarks.often("Accounts whose id can't be an account number got another one", f"{account_id} -> {number}")
        return number


def account_type(number: int, row: AccountRow) -> str:
    """By the first digits of the number, as the Norwegian standard chart has them; class 8 and 9 by category."""
    digits = str(number)
    by_class = {"1": "Asset", "3": "Income", **dict.fromkeys("4567", "Expense")}
    if digits[0] == "2":
        return "Equity" if digits.startswith("20") else "Liability"
    if digits[0] in by_class:
        return by_class[digits[0]]
    if digits[0] == "8":
        is_income = row.category == "finansinntekt" if row.category else digits.startswith("80")
        return "Income" if is_income else "Expense"
    return _other_type(row)


def _other_type(row: AccountRow) -> str:
    for part, kind in _CATEGORIES:
        if part in (row.category or "").lower():
            return kind
    is_result = row.result is not None or (row.category or "").endswith("kostnad")
    return "Expense" if is_result else "Asset"


def _is_number(account_id: str) -> bool:
    return account_id.isascii() and account_id.isdecimal() and len(account_id) <= _MOST_DIGITS and int(account_id) > 0
