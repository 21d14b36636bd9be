"""Changes as CSV: names of columns are fixed, amounts plain decimals, debit positive."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from tieout.portal.stamps.comparing import Comparison
from tieout.warehouse.browse import harmless

ACCOUNTS = ("account_no", "account_name", "stamped", "changes", "untraced", "now")
VOUCHERS = ("voucher_no", "voucher_id", "first_posting_date", "sync", "kinds", "columns", "account_no", "amount")


def accounts_csv(found: Comparison) -> str:
    """A line an account; the result of earlier years has no number."""
    return _written(
        ACCOUNTS, ((row.account_no, row.name, row.then, row.changes, row.untraced, row.now) for row in found.rows)
    )


def vouchers_csv(found: Comparison) -> str:
    """A line for each voucher and account that it moved; one without an account where no amount moved."""
    return _written(
        VOUCHERS,
        (
            (
                one.voucher_no,
                one.voucher_id,
                one.first_date,
                one.sync,
                "+".join(one.kinds),
                "+".join(one.columns),
                *moved,
            )
            for one in found.vouchers
            for moved in (one.amounts or [("", "")])
        ),
    )


def as_file(text: str, name: str) -> HttpResponse:
    """A CSV that a browser saves."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _written(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return harmless(value) if isinstance(value, str) else "" if value is None else value
