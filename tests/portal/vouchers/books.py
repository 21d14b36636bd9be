"""A company whose postings a test moves from sync to sync, through the real way in, with real models over them."""

from __future__ import annotations

import gzip
import json
import shutil
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.portal.conftest import company
from tests.reports.books import prepared
from tieout.catalog import Page, Stream
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice.streams import STREAMS
from tieout.connectors.registry import connectors
from tieout.portal.sources.actions import create_source
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import EVERYTHING, Outcome

ACCOUNTS = {1500: "Asset", 1920: "Asset", 2400: "Liability", 3000: "Income", 6000: "Expense"}
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


class MovingBooks:
    """`lines` are the source's postings by id, as its API spells them; `sync` reads them all. Synced once when made."""

    def __init__(self, workspace: Workspace) -> None:
        settings.CONNECTORS = connectors(settings.TIEOUT)
        self.source: Source = create_source(
            workspace,
            connector="poweroffice",
            company=company(),
            client_key=Secret("fixture"),
            approver_email="approver@example.com",
            by=None,
        )
        self.lines: dict[int, dict[str, Any]] = {}
        self.lock: str | None = None
        self._pages = 0
        path = Path(settings.TIEOUT.home) / "warehouse" / f"{workspace.slug}.duckdb"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared(("a",), are_synced=False), path)
        with warehouses.opened(workspace) as warehouse, warehouse.writing() as connection:
            for name in ("sources", "streams"):
                connection.execute(f"update tieout.{name} set source_id = ?", [str(self.source.pk)])
        self.chart()

    def chart(self) -> None:
        rows = [
            {"Id": number, "AccountNo": number, "Name": f"Account {number}", "GeneralLedgerAccountType": kind}
            for number, kind in ACCOUNTS.items()
        ]
        with warehouses.store_of(self.source) as store:
            sync = store.begin_sync(NOON)
            self._load(store, stream("general_ledger_accounts"), sync, rows)
            store.finish_sync(sync, Outcome.SUCCEEDED, at=NOON)

    def post(self, number: int, on: date, *lines: tuple[int, str], **more: Any) -> str:
        """A voucher of (account, amount); its id."""
        voucher_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {len(self.lines)}"))
        for account, amount in lines:
            key = max(self.lines, default=0) + 1
            self.lines[key] = {
                "Id": key,
                "VoucherId": voucher_id,
                "VoucherNo": number,
                "VoucherType": "ManualJournal",
                "PostingDate": on.isoformat(),
                "VoucherDate": on.isoformat(),
                "AccountNo": account,
                "Amount": float(amount),
                "Description": f"Voucher {number}",
                **more,
            }
        return voucher_id

    def change(self, number: int, **told: Any) -> None:
        """Change all lines of a voucher in place."""
        for line in self.lines.values():
            if line["VoucherNo"] == number:
                line |= told

    def remove(self, number: int) -> None:
        self.lines = {key: line for key, line in self.lines.items() if line["VoucherNo"] != number}

    def sync(self) -> int:
        """Read everything; the number of the sync."""
        with warehouses.store_of(self.source) as store:
            sync = store.begin_sync(NOON)
            self._load(store, stream("account_transactions"), sync, list(self.lines.values()))
            if self.lock:
                self._load(store, stream("lock_date_settings"), sync, [{"LockDate": self.lock}])
            store.finish_sync(sync, Outcome.SUCCEEDED, at=NOON)
        return sync

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        with warehouses.opened(self.source.workspace) as warehouse, warehouse.connection() as connection:
            return connection.execute(sql).fetchall()

    def _load(self, store: Any, of: Stream, sync: int, records: list[dict[str, Any]]) -> None:
        self._pages += 1
        path = store.spool / f"{self._pages:05d}.json.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(json.dumps(records).encode()))
        with store.loading(of, sync) as loading:
            loading.add(Page(path=path, number=self._pages))
            loading.commit(EVERYTHING)


def stream(name: str) -> Stream:
    return next(one for one in STREAMS if one.name == name)
