"""What may happen: a file is written and checked; accounts' codes are confirmed, changed or left to the rule again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from django.db import transaction

from tieout.portal.people.models import Person
from tieout.portal.saft import files, queries
from tieout.portal.saft.models import ConfirmedGrouping, SaftFile
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.actions import tell
from tieout.reports.saft import CannotExportError, Exported, Finding, Grouping, Order, check, export, parts

MOST_LINES = 250_000  # of a file that a page writes while somebody waits; the command writes any size
FINDINGS_KEPT = 200
_one_at_a_time = threading.Lock()


class TooLargeError(Exception):
    """A span with more lines than a page writes; `parts` are the spans of months that it can be divided into."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        super().__init__(f"divide it into {len(spans)}")
        self.parts = spans


class OccupiedError(Exception):
    """Another file is being written."""


def write(source: Source, *, year: int, months: tuple[int, int], contact: tuple[str, str], by: Person) -> SaftFile:
    """Write a fiscal year, or months of it, and check the file.

    Raises CannotExportError, TooLargeError, OccupiedError, BusyError; then there is no file.
    """
    if not warehouses.exists(source.workspace):
        raise CannotExportError("this company has no books here yet; sync it first.", why="not_synced")
    if not _one_at_a_time.acquire(blocking=False):
        raise OccupiedError
    try:
        order = Order(
            company_id=str(source.pk),
            fiscal_year=year,
            months=months,
            contact=contact,
            groupings=queries.groupings_of(source),
        )
        return _written(source, order, by)
    finally:
        _one_at_a_time.release()


def _written(source: Source, order: Order, by: Person) -> SaftFile:
    files.forget_old(source)
    now, key = datetime.now(UTC), uuid4()
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        spans = parts(connection, order.company_id, order.fiscal_year, order.months, most=MOST_LINES)
        if len(spans) > 1:
            raise TooLargeError(spans)
        exported = export(connection, order, files.folder_of(source), now=now)
    path = exported.path.rename(exported.path.with_name(f"{key}.xml"))
    try:
        with transaction.atomic():
            made = SaftFile(id=key, source=source, made_at=now, made_by=by, **_facts(order, exported, check(path)))
            made.save(force_insert=True)
            tell(source.workspace, "saft_written", person=by, source=source, file=made.name, findings=made.findings)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def _facts(order: Order, exported: Exported, found: list[Finding]) -> dict[str, object]:
    return {
        "fiscal_year": order.fiscal_year,
        "first_month": order.months[0],
        "last_month": order.months[1],
        "name": exported.path.name,
        "bytes": exported.bytes,
        "sha256": exported.sha256,
        "transactions": exported.transactions,
        "lines": exported.lines,
        "debit": exported.debit,
        "credit": exported.credit,
        "unconfirmed": len(exported.unconfirmed),
        "counts": Counter(one.kind for one in found),
        "found": [[one.kind, dict(one.facts)] for one in found[:FINDINGS_KEPT]],
    }


def confirm(source: Source, chosen: Mapping[int, Grouping], *, by: Person) -> None:
    """Keep where accounts go, as this person says. What was confirmed and stays as it is keeps its first act."""
    before = queries.groupings_of(source)
    fresh = {
        number: one for number, one in chosen.items() if (old := before.get(number)) is None or old.code != one.code
    }
    if not fresh:
        return
    now = datetime.now(UTC)
    rows = [
        ConfirmedGrouping(
            source=source, account_no=number, category=one.category, code=one.code, confirmed_at=now, confirmed_by=by
        )
        for number, one in fresh.items()
    ]
    with transaction.atomic():
        ConfirmedGrouping.objects.filter(source=source, account_no__in=fresh).delete()
        ConfirmedGrouping.objects.bulk_create(rows, batch_size=500)
        tell(source.workspace, "groupings_confirmed", person=by, source=source, accounts=len(rows))


def leave_to_rule(source: Source, account_no: int, *, by: Person) -> None:
    """Take back what was confirmed of an account."""
    with transaction.atomic():
        gone, _ = ConfirmedGrouping.objects.filter(source=source, account_no=account_no).delete()
        if gone:
            tell(source.workspace, "grouping_left_to_rule", person=by, source=source, account=account_no)
