"""A second toy: a ledger with a trial balance, a customers' subledger, invoices with lines, and orders that vanish.

It has every way of being read and every means of proof, and no vendor.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.toy import ToyConnector, ToyReader, ToySystem
from tieout.catalog import Ask, Column, Grade, How, Kind, Rhythm, Stream
from tieout.connectors.base import SOMEBODY, Calendar, Claim, LedgerProof, Names, Proof, Secret, SubledgerProof

K = Kind
POSTINGS = Stream(
    name="postings",
    columns=(
        Column("id", "Id", K.INTEGER),
        Column("account_no", "Account", K.INTEGER),
        Column("day", "Day", K.DATE),
        Column("amount", "Amount", K.MONEY),
        Column("voucher_no", "Voucher", K.INTEGER),
        Column("reverses_no", "Reverses", K.INTEGER),
        Column("type", "Type", K.TEXT),
        Column("changed", "Changed", K.TIMESTAMP),
    ),
    how=How.CHANGED,
    changed_by=("changed",),
    windowed=True,
    window_column="day",
    grade=Grade.BALANCED,
)
ACCOUNTS = Stream(
    name="accounts",
    columns=(Column("account_no", "Id", K.INTEGER), Column("type", "Type", K.TEXT), Column("name", "Name", K.TEXT)),
    primary_key=("account_no",),
)
SETTINGS = Stream(
    name="settings",
    columns=(Column("conversion_date", "Conversion", K.DATE), Column("year_end", "YearEnd", K.TEXT)),
    primary_key=(),
    rhythm=Rhythm.NIGHTLY,
    grade=Grade.NOT_CHECKABLE,
)
SERIES = Stream(
    name="series",
    columns=(Column("id", "Id", K.INTEGER), Column("type", "Type", K.TEXT), Column("account_no", "Account", K.INTEGER)),
    rhythm=Rhythm.NIGHTLY,
)
ENTRIES = Stream(
    name="entries",
    columns=(
        Column("id", "Id", K.INTEGER),
        Column("customer_no", "Customer", K.INTEGER),
        Column("day", "Day", K.DATE),
        Column("amount", "Amount", K.MONEY),
        Column("changed", "Changed", K.TIMESTAMP),
    ),
    how=How.CHANGED,
    changed_by=("changed",),
    divided_by="customer_no",
    grade=Grade.BALANCED,
)
INVOICES = Stream(
    name="invoices",
    columns=(
        Column("id", "Id", K.INTEGER),
        Column("voucher_no", "Voucher", K.INTEGER),
        Column("balance", "Balance", K.MONEY),
        Column("is_reversed", "IsReversed", K.BOOLEAN),
    ),
    how=How.NUMBERED,
    changed_by=("paid",),
    rhythm=Rhythm.MOVED,
    number_column="voucher_no",
    revised_by=("postings", "reverses_no"),
    posted_as=("voucher_no", "type", ("Invoice",)),
)
LINES = Stream(
    name="lines",
    columns=(Column("invoice_id", "", K.INTEGER), Column("id", "Id", K.INTEGER), Column("text", "Text", K.TEXT)),
    how=How.PARENTS,
    parent="invoices",
    parent_column="invoice_id",
    deferred=True,
    grade=Grade.NOT_CHECKABLE,
)
ORDERS = Stream(
    name="orders",
    columns=(Column("id", "Id", K.INTEGER), Column("changed", "Changed", K.TIMESTAMP)),
    how=How.CHANGED,
    changed_by=("changed",),
    key_scan=True,
    vanishes=True,
)
ORDER_LINES = Stream(
    name="order_lines",
    columns=(Column("order_id", "", K.INTEGER), Column("id", "Id", K.INTEGER), Column("text", "Text", K.TEXT)),
    how=How.PARENTS,
    parent="orders",
    parent_column="order_id",
    grade=Grade.NOT_CHECKABLE,
)
STREAMS = (POSTINGS, ACCOUNTS, SETTINGS, SERIES, ENTRIES, INVOICES, LINES, ORDERS, ORDER_LINES)
BANK, RECEIVABLES, SALES = 1920, 1500, 3000


class LedgerSystem(ToySystem):
    """Books of one company, made by the methods below."""

    hides = 0  # postings that the trial balance knows and lists do not show yet (a replica that lags)

    def __init__(self) -> None:
        super().__init__(page_size=4, records={stream.name: {} for stream in STREAMS})
        self.put("settings", 1, Conversion="2024-01-01", YearEnd="December")
        for account, kind in ((BANK, "Asset"), (RECEIVABLES, "Asset"), (SALES, "Income"), (2050, "Equity")):
            self.put("accounts", account, Type=kind, Name=f"Account {account}")
        self.put("series", 1, Type="Customer", Account=RECEIVABLES)
        self._voucher = 0

    def voucher(self, day: date, *lines: tuple[int, float], reverses: int | None = None) -> int:
        """Post a voucher; its number."""
        self._voucher += 1
        for account, amount in lines:
            self._post(self._voucher, day, account, amount, reverses)
        return self._voucher

    def opening(self, *lines: tuple[int, float]) -> None:
        """Opening balances, voucher number 0, the day before the conversion date; they need not sum to zero."""
        for account, amount in lines:
            self._post(0, date(2023, 12, 31), account, amount, None)

    def invoice(self, day: date, customer: int, amount: float, lines: int = 2) -> int:
        """Sell something: voucher, entry, invoice and its lines. The voucher's number is the invoice's id too."""
        number = self.voucher(day, (RECEIVABLES, amount), (SALES, -amount))
        self.put("entries", self._next("entries"), Customer=customer, Day=day.isoformat(), Amount=amount)
        self.put("invoices", number, Voucher=number, Balance=amount, IsReversed=False)
        for _ in range(lines):
            self.put("lines", self._next("lines"), Parent=number, Text=f"line of {number}")
        return number

    def late_invoice(self, number: int, day: date, customer: int, amount: float) -> None:
        """An invoice that gets a number far below the last ones."""
        for account, each in ((RECEIVABLES, amount), (SALES, -amount)):
            self._post(number, day, account, each, None, kind="Invoice")
        self.put("entries", self._next("entries"), Customer=customer, Day=day.isoformat(), Amount=amount)
        self.put("invoices", number, Voucher=number, Balance=amount, IsReversed=False)

    def pay(self, invoice: int, day: date, customer: int) -> None:
        """Pay an invoice: only its balance tells, stamped in a column of its own."""
        amount = self.records["invoices"][invoice]["Balance"]
        self.voucher(day, (BANK, amount), (RECEIVABLES, -amount))
        self.put("entries", self._next("entries"), Customer=customer, Day=day.isoformat(), Amount=-amount)
        self.slip("invoices", invoice, Balance=0, Paid=self.now.isoformat())

    def reverse(self, invoice: int, day: date, customer: int) -> None:
        """Reverse an invoice: the original changes without any stamp."""
        lines = [(r["Account"], -r["Amount"]) for r in self.records["postings"].values() if r["Voucher"] == invoice]
        self.voucher(day, *lines, reverses=invoice)
        self.put("entries", self._next("entries"), Customer=customer, Day=day.isoformat(), Amount=lines[0][1])
        self.slip("invoices", invoice, IsReversed=True)

    def order(self, lines: int = 2) -> int:
        """A sales order with lines."""
        key = self._next("orders")
        self.put("orders", key)
        for _ in range(lines):
            self.put("order_lines", self._next("order_lines"), Parent=key, Text=f"line of order {key}")
        return key

    def _post(
        self, voucher: int, day: date, account: int, amount: float, reverses: int | None, kind: str | None = None
    ) -> None:
        told = {"Account": account, "Day": day.isoformat(), "Amount": amount, "Voucher": voucher}
        self.put("postings", self._next("postings"), **told, Reverses=reverses, Type=kind)

    def _next(self, stream: str) -> int:
        self._last = getattr(self, "_last", 0) + 1
        return self._last


def books_of_three_years() -> LedgerSystem:
    """Sales, payments, a reversal and orders over 2024-2026; an opening balance that does not sum to zero."""
    system = LedgerSystem()
    system.opening((BANK, 1000.25), (2050, -999))
    for n in range(1, 25):
        day = date(2024, 1, 15) + timedelta(days=33 * n)
        number = system.invoice(day, customer=10 + n % 4, amount=round(100 + n * 1.01, 2))
        if n % 2:
            system.pay(number, day + timedelta(days=14), customer=10 + n % 4)
    system.order()
    system.order(lines=0)
    system.pass_time(days=1)
    return system


class LedgerReader(ToyReader):
    """Adds the source's own totals."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        self._request()
        kinds = {key: record["Type"] for key, record in self._system.records["accounts"].items()}
        sums: defaultdict[int, Decimal] = defaultdict(Decimal)
        for record in self._system.records["postings"].values():
            day, account = date.fromisoformat(record["Day"]), record["Account"]
            if day <= on and (kinds[account] != "Income" or day.year == on.year):
                sums[account] += Decimal(str(record["Amount"]))
        return dict(sums)

    def party_balances(self, check: str, on: date) -> dict[int, Decimal]:
        self._request()
        sums: defaultdict[int, Decimal] = defaultdict(Decimal)
        for record in self._system.records["entries"].values():
            if date.fromisoformat(record["Day"]) <= on:
                sums[record["Customer"]] += Decimal(str(record["Amount"]))
        return dict(sums)

    def total(self, ask: Ask) -> int | None:
        return None if ask.stream.how in (How.PARENTS, How.SNAPSHOT) else super().total(ask)


class LedgerConnector(ToyConnector):
    """The ledger toy's connector."""

    name = "ledger_toy"
    streams = STREAMS
    proof = Proof(
        ledger=LedgerProof(
            postings="postings",
            account_no="account_no",
            posting_date="day",
            amount="amount",
            voucher_id="voucher_no",
            voucher_no="voucher_no",
            opening_voucher_no=0,
            accounts="accounts",
            account_type="type",
            result_types=("Income",),
            names=Names("accounts", "account_no", "name"),
        ),
        subledgers=(
            SubledgerProof(
                check="customers",
                entries="entries",
                party_no="customer_no",
                posting_date="day",
                amount="amount",
                series="series",
                series_type="type",
                series_type_value="Customer",
                series_account_no="account_no",
            ),
        ),
        calendar=Calendar(settings="settings", fiscal_year_end_month="year_end", conversion_date="conversion_date"),
    )

    def __init__(self, system: LedgerSystem | None = None) -> None:
        self.books = system or books_of_three_years()
        super().__init__(self.books)

    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> LedgerReader:
        return LedgerReader(self.system, key.reveal())


def rows_of(system: ToySystem, stream: str) -> int:
    """How many records the system itself has."""
    return len(system.records[stream])


Record = dict[str, Any]
