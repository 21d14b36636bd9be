"""Formulas in what others wrote: every file that a spreadsheet opens holds them as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.attacks.addresses import every
from tests.portal.conftest import HOST
from tests.portal.vouchers.books import NOON, MovingBooks, stream
from tieout.portal.audits.actions import record
from tieout.portal.feeds.actions import make_token
from tieout.portal.people.models import Person
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import Outcome

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", '=HYPERLINK("http://evil.example","x")']
DANGEROUS = re.compile(r"[=+\-@\t\r\n]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@pytest.fixture
def books(workspace: Workspace, owner: Person) -> MovingBooks:
    """A formula in every text that others write: accounts, descriptions, the company, people, stamps, what is logged."""
    made = MovingBooks(workspace)
    for number, text in enumerate(FORMULAS, start=1):
        made.post(number, date(2026, 1, 5), (1920, "10"), (3000, "-10"), Description=text, VoucherType=text)
    made.sync()
    with warehouses.store_of(made.source) as store:
        sync = store.begin_sync(NOON)
        kinds = {1920: "Asset", 3000: "Income"}
        made._load(
            store,
            stream("general_ledger_accounts"),
            sync,
            [
                {"Id": no, "AccountNo": no, "Name": f"={no}", "GeneralLedgerAccountType": kind}
                for no, kind in kinds.items()
            ],
        )
        store.finish_sync(sync, Outcome.SUCCEEDED, at=NOON)
        store.keep_company(name="=Company()", organisation_number="910000004")
    made.source.company_name = made.source.name = "=Company()"
    made.source.save()
    owner.name = "=Owner()"
    owner.save()
    record(workspace, "=kind", person=owner, text="=fact")
    return made


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def dangerous_cells(kind: str, file: bytes) -> Iterator[str]:
    if kind == "csv":
        for row in csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")):
            yield from (cell for cell in row if DANGEROUS.match(cell) and not NUMBER.fullmatch(cell))
        return
    for sheet in openpyxl.load_workbook(io.BytesIO(file)):
        for line in sheet.iter_rows():
            for cell in line:
                # What is a formula by us names cells and functions of ours; none of the books' texts may become one.
                if cell.data_type == "f" and re.search(
                    "Company|HYPERLINK|Owner|1\\+1|=1920|=3000|fact", str(cell.value)
                ):
                    yield str(cell.value)


@pytest.mark.django_db(transaction=True)
def test_no_export_holds_a_formula_of_others(owner_browser: Client, books: MovingBooks, owner: Person) -> None:
    source = books.source
    owner_browser.post(f"/sources/{source.pk}/stamps/", {"name": "=Stamp()", "on": "2026-01-31"})
    stamp = Stamp.objects.get()
    books.post(9, date(2026, 1, 6), (1920, "1"), (3000, "-1"), Description="=late()")
    books.sync()
    files = {
        "data/<slug:schema>/<slug:name>/file.<str:kind>": [
            f"/data/{table}/file.csv"
            for table in ("core/postings", "core/accounts", "raw_poweroffice/account_transactions")
        ],
        "sources/<uuid:source_id>/stamps/<uuid:stamp_id>/accounts.csv": [
            f"/sources/{source.pk}/stamps/{stamp.pk}/accounts.csv"
        ],
        "sources/<uuid:source_id>/stamps/<uuid:stamp_id>/vouchers.csv": [
            f"/sources/{source.pk}/stamps/{stamp.pk}/vouchers.csv"
        ],
        "sources/<uuid:source_id>/saft/codes.csv": [f"/sources/{source.pk}/saft/codes.csv"],
        "audit/log.csv": ["/audit/log.csv"],
        "report-lines/norwegian.xlsx": ["/report-lines/norwegian.xlsx"],
        "budgets/<uuid:source_id>/budget-<int:year>.xlsx": [f"/budgets/{source.pk}/budget-2026.xlsx"],
        "reports/<name>/file.<kind>": [
            f"/reports/{name}/file.{kind}?{asked}"
            for name, asked in (
                ("trial-balance", "year=2026"),
                ("balance-sheet", "year=2026"),
                ("trial-balance", f"as_of={stamp.sync}"),
            )
            for kind in ("csv", "xlsx")
        ],
    }
    for addresses in files.values():
        for address in addresses:
            kind = "xlsx" if "xlsx" in address else "csv"
            file = content(owner_browser.get(address))
            assert list(dangerous_cells(kind, file)) == [], address
            assert kind == "xlsx" or b"=" in file or "vouchers.csv" in address, "else no formula was tried"


@pytest.mark.django_db(transaction=True)
def test_no_feed_holds_a_formula_of_others(books: MovingBooks, workspace: Workspace, owner: Person) -> None:
    _, secret = make_token(workspace, owner, name="Fixture", days=1)
    program = Client(headers={"host": HOST, "authorization": f"Bearer {secret}"})
    for table in ("core_postings", "core_accounts", "core_companies"):
        for kind in ("csv", "xlsx"):
            file = content(program.get(f"/odata/v4/{workspace.slug}/{table}.{kind}"))
            assert list(dangerous_cells(kind, file)) == [], (table, kind)
            assert b"1+1" in file or table != "core_postings" or kind == "xlsx"


def test_every_address_of_a_file_is_among_those_tried() -> None:
    named = {one.pattern for one in every() if re.search(r"csv|xlsx|file\.", one.pattern)}
    assert named == {
        "data/<slug:schema>/<slug:name>/file.<str:kind>",
        "data/sql/<uuid:answer_id>/file.<str:kind>",  # tests/portal/explorer/test_sql_views.py
        "sources/<uuid:source_id>/stamps/<uuid:stamp_id>/accounts.csv",
        "sources/<uuid:source_id>/stamps/<uuid:stamp_id>/vouchers.csv",
        "sources/<uuid:source_id>/proof/differences.csv",  # tests/portal/syncs/test_views.py
        "sources/<uuid:source_id>/saft/codes.csv",
        "sources/<uuid:source_id>/saft/<uuid:file_id>/file.xml",  # no spreadsheet
        "audit/log.csv",
        "reports/<name>/file.<kind>",
        "report-lines/norwegian.xlsx",
        "report-lines/<uuid:layout_id>/lines.xlsx",  # tests/portal/planning/test_views.py
        "budgets/<uuid:source_id>/budget-<int:year>.xlsx",
    }
