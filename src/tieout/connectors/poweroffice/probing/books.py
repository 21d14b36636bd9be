"""Questions that the company's own books answer (contract 11.15-11.18, 20-24, 27). Only what is compared is kept, never shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tieout.connectors.errors import OverwhelmedError
from tieout.connectors.poweroffice.probing.asking import Asking, NotToldError, Row
from tieout.connectors.poweroffice.probing.shape import ACCOUNTS, INVOICE_FIELDS, ONE
from tieout.connectors.poweroffice.questions import FIRST_DAY, YEARS_AHEAD, instant
from tieout.ledger.fiscal_year import fiscal_year, month_number

TRANSACTIONS, INVOICES = "/AccountTransactions", "/OutgoingInvoices"
SAMPLE = 20  # vouchers, and rows whose stamps are looked at
LONG_AGO = "1900-01-01T00:00:00Z"
MICROSECOND = timedelta(microseconds=1)
STAMP = "LastChangedDateTimeOffset"


def reversal_stamps(asking: Asking) -> bool:
    """Whether rows of reversed vouchers are as new as what reversed them."""
    span = _span(FIRST_DAY, asking.today)
    fields = "ReversedVoucherNo,CreatedDateTimeOffset"
    rows = asking.rows(TRANSACTIONS, voucherTypes="ReversalVoucher", Fields=fields, PageSize="500", **span)
    made = {
        int(row["ReversedVoucherNo"]): _time(row["CreatedDateTimeOffset"])
        for row in rows
        if row.get("ReversedVoucherNo")
    }
    chosen = sorted(made)[-SAMPLE:]
    if not chosen:
        raise NotToldError("nothing was ever reversed")
    numbers = ",".join(map(str, chosen))
    originals = asking.rows(TRANSACTIONS, voucherNos=numbers, Fields=f"VoucherNo,{STAMP}", **span)
    moved = [_time(row[STAMP]) >= made[int(row["VoucherNo"])] for row in originals]
    if not moved:
        raise NotToldError("what was reversed could not be read")
    return sum(moved) * 2 > len(moved)


def opening_in_transactions(asking: Asking) -> bool:
    day = _conversion(asking) - timedelta(days=1)
    if asking.rows(TRANSACTIONS, Fields="VoucherNo", **ONE, **_span(day, day)):
        return True
    if any(_balance(row) for row in asking.rows("/TrialBalance", date=day.isoformat())):
        return False
    raise NotToldError("the company opened with no balances")


def result_restarts(asking: Asking) -> bool:
    """Income and expense on the last day of a fiscal year and on the day after, with what was posted that day."""
    end = _year_end(asking)
    day = end + timedelta(days=1)
    types = asking.rows(ACCOUNTS, Fields="AccountNo,GeneralLedgerAccountType")
    result = {row["AccountNo"] for row in types if row.get("GeneralLedgerAccountType") in ("Income", "Expense")}
    before, after = (_balances(asking, on) for on in (end, day))
    moved = _moved(asking, day)
    told = [no for no in result if before.get(no)]
    restarted = sum(after.get(no, Decimal()) == moved.get(no, Decimal()) for no in told)
    ran_on = sum(after.get(no, Decimal()) == before[no] + moved.get(no, Decimal()) for no in told)
    if restarted == ran_on:
        raise NotToldError("no fiscal year with income or expense has ended, or its accounts were closed by a voucher")
    return restarted > ran_on


def incoming_sign(asking: Asking) -> str:
    rows = asking.rows("/IncomingInvoices", Fields="VoucherType,TotalAmount", PageSize="500")
    return "positive" if _is_positive(rows, "IncomingInvoice") else "ledger"


def credit_note_sign(asking: Asking) -> str:
    rows = asking.rows(INVOICES, Fields=INVOICE_FIELDS)
    return "positive" if _is_positive(rows, "OutgoingCreditNote") else "negative"


def archived(asking: Asking) -> str:
    """Whether lists hold what is archived: they show some, or lack customers who have invoices."""
    if _shows_archived(asking):
        return "included"
    if _absent_customers(asking) or asking.rows("/Products", isArchived="true", Fields="IsArchived", **ONE):
        return "left out"
    raise NotToldError("no customer or product is archived")


def _shows_archived(asking: Asking) -> bool:
    products = asking.rows("/Products", Fields="IsArchived")
    return any(row.get("IsArchived") for row in (*_customers(asking), *products))


def _customers(asking: Asking) -> list[Row]:
    return asking.rows("/Customers", Fields="Number,IsArchived", PageSize="20000")


def _absent_customers(asking: Asking) -> bool:
    """Whether somebody has an invoice and is in no list; not told of more customers than one answer holds."""
    listed = {row.get("Number") for row in _customers(asking)}
    invoiced = {row.get("CustomerNo") for row in asking.rows(INVOICES, Fields=INVOICE_FIELDS)} - {None}
    return len(listed) < 20_000 and bool(invoiced - listed)


def null_changes(asking: Asking) -> str:
    name = "BalanceLastChangedDateTimeOffset"
    if not any(row.get(name) is None for row in asking.rows(INVOICES, Fields=INVOICE_FIELDS)):
        raise NotToldError("every invoice has that stamp")
    asked = asking.rows(INVOICES, balanceLastChangedDateTimeOffsetGreaterThan=LONG_AGO, Fields=name)
    return "returned" if any(row.get(name) is None for row in asked) else "left out"


def most_rows_in_span(asking: Asking) -> str | int:
    """0: the widest span of dates is answered. What number would be too many can't be told from one company."""
    span = _span(FIRST_DAY, date(asking.today.year + YEARS_AHEAD, 12, 31))
    try:
        answer = asking.get(TRANSACTIONS, Fields="Id", **ONE, **span)
    except OverwhelmedError:
        return "limited"
    return 0 if answer.status in (200, 204) else "limited"


def naive_times(asking: Asking) -> str:
    """Half an hour after the newest stamp in UTC is half an hour before it in Norway."""
    newest = _time(_newest(asking)[0][STAMP])
    told = (newest + timedelta(minutes=30)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return "oslo" if _changed_after(asking, told) else "utc"


def stamp_precision(asking: Asking) -> str:
    """Whether a row is later than a moment just before its stamp: if not, both were cut."""
    row = next((row for row in _newest(asking) if _time(row[STAMP]).microsecond % 1000), None)
    if row is None:
        raise NotToldError("no stamp is finer than a millisecond")
    stamp = _time(row[STAMP])
    millisecond = stamp.replace(microsecond=stamp.microsecond // 1000 * 1000)
    if row["Id"] in _changed_after(asking, instant(stamp - MICROSECOND)):
        return "exact"
    return "milliseconds" if row["Id"] in _changed_after(asking, instant(millisecond - MICROSECOND)) else "seconds"


def future_postings(asking: Asking) -> bool:
    first = asking.today + timedelta(days=1)
    span = _span(first, date(first.year + YEARS_AHEAD, 12, 31))
    if not asking.rows(TRANSACTIONS, Fields="Id", **ONE, **span):
        raise NotToldError("nothing is posted ahead")
    return True


def _newest(asking: Asking) -> list[Row]:
    span = _span(FIRST_DAY, date(asking.today.year + YEARS_AHEAD, 12, 31))
    rows = asking.rows(TRANSACTIONS, OrderBy=f"{STAMP} desc", Fields=f"Id,{STAMP}", PageSize=str(SAMPLE * 10), **span)
    if not rows:
        raise NotToldError("no postings")
    return rows


def _changed_after(asking: Asking, moment: str) -> set[Any]:
    span = _span(FIRST_DAY, date(asking.today.year + YEARS_AHEAD, 12, 31))
    asked = asking.rows(TRANSACTIONS, lastChangedDateTimeOffsetGreaterThan=moment, Fields="Id", **span)
    return {row["Id"] for row in asked}


def _is_positive(rows: list[Row], voucher_type: str) -> bool:
    amounts = [
        Decimal(row["TotalAmount"]) for row in rows if row.get("VoucherType") == voucher_type and row.get("TotalAmount")
    ]
    if not amounts:
        raise NotToldError("there is none")
    return sum(amount > 0 for amount in amounts) * 2 > len(amounts)


def _settings(asking: Asking) -> Row:
    return asking.rows("/FinancialSettings")[0]


def _conversion(asking: Asking) -> date:
    told = _settings(asking).get("ConversionDate")
    if not told:
        raise NotToldError("the company tells no ConversionDate")
    return date.fromisoformat(str(told)[:10])


def _year_end(asking: Asking) -> date:
    """The end of the last fiscal year that is over."""
    month = month_number(_settings(asking).get("FinancialYearEndMonth") or 12)
    return fiscal_year(asking.today, end_month=month).before().last


def _balances(asking: Asking, on: date) -> dict[int, Decimal]:
    return {row["AccountNo"]: _balance(row) for row in asking.rows("/TrialBalance", date=on.isoformat())}


def _moved(asking: Asking, day: date) -> dict[int, Decimal]:
    moved: dict[int, Decimal] = {}
    for row in asking.rows(TRANSACTIONS, Fields="AccountNo,Amount", **_span(day, day)):
        moved[row["AccountNo"]] = moved.get(row["AccountNo"], Decimal()) + Decimal(row["Amount"])
    return moved


def _balance(row: Row) -> Decimal:
    return Decimal(row.get("Balance") or 0)


def _span(first: date, last: date) -> dict[str, str]:
    return {"fromDate": first.isoformat(), "toDate": last.isoformat()}


def _time(text: str) -> datetime:
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=UTC)
