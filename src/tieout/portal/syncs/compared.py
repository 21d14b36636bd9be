"""What a tie-out compared, account by account: kept with names, so that the proof page need not open the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tieout.connectors.base import Connector, Names
from tieout.portal.syncs.models import Balances, Sync
from tieout.portal.syncs.tie_outs import TieOut as ShownTieOut
from tieout.warehouse.base import SourceStore, TieOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account's closing balance; debit positive, in the company's currency."""

    number: int
    name: str
    stored: Decimal
    vendor: Decimal

    @property
    def difference(self) -> Decimal:
        return self.stored - self.vendor


def keep(sync: Sync, tie_out: TieOut, connector: Connector, store: SourceStore) -> None:
    """Keep the accounts' balances of a source's latest tie-out; one without any leaves none."""
    ledger = connector.proof.ledger
    names = _names(ledger.names if ledger else None, store) if tie_out.balances else {}
    rows = [
        [balance.account_no, names.get(balance.account_no, ""), str(balance.stored), str(balance.vendor)]
        for balance in tie_out.balances
    ]
    Balances.objects.update_or_create(source_id=sync.source_id, defaults={"sync": sync, "rows": rows})


def name(differences: list[dict[str, Any]], connector: Connector, store: SourceStore) -> None:
    """Add the names of accounts, customers and suppliers to what differs."""
    proof = connector.proof
    accounts = proof.ledger.names if proof.ledger else None
    parties = {subledger.check: subledger.names for subledger in proof.subledgers}
    known: dict[Names | None, dict[int, str]] = {}
    for row in differences:
        names = parties.get(row["check"]) if row["party_no"] else accounts
        if names not in known:
            known[names] = _names(names, store)
        row["name"] = known[names].get(row["party_no"] or row["account_no"], "")


def agreeing(source: Any, tie_out: ShownTieOut | None) -> list[Account]:
    """The accounts that agree in a tie-out, by number; none where the balances kept are another tie-out's."""
    kept = Balances.objects.filter(source=source).first()
    if kept is None or tie_out is None or kept.sync_id != tie_out.sync_id:
        return []
    apart = {row.number for row in tie_out.differences if row.check == "ledger"}
    return [account for account in _accounts(kept.rows) if account.number not in apart]


def _accounts(rows: list[list[Any]]) -> Iterator[Account]:
    for number, called, stored, vendor in rows:
        yield Account(number=number, name=called, stored=Decimal(stored), vendor=Decimal(vendor))


def _names(names: Names | None, store: SourceStore) -> dict[int, str]:
    return store.names(names.stream, number=names.number, name=names.name) if names else {}
