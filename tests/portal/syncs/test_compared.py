"""Accounts of a tie-out and facts of the books, kept from a real sync of a toy ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.syncs.factories import make_tie_out
from tests.portal.syncs.toy_source import make_toy_source
from tests.sync.ledger_system import RECEIVABLES, SALES, LedgerConnector, LedgerReader, LedgerSystem
from tieout.connectors.base import SOMEBODY, Claim, Secret
from tieout.portal.sources.models import Source
from tieout.portal.syncs.actions import perform
from tieout.portal.syncs.compared import agreeing
from tieout.portal.syncs.models import Balances
from tieout.portal.syncs.tie_outs import tie_out_of
from tieout.portal.workspaces.models import Workspace
from tieout.sync.run import Options


@pytest.fixture
def system() -> LedgerSystem:
    system = LedgerSystem()
    system.invoice(date(2026, 3, 1), customer=11, amount=100.0)
    return system


@pytest.fixture
def synced(system: LedgerSystem, settings: Any, workspace: Workspace) -> Source:
    settings.CONNECTORS = {"toy": LedgerConnector(system)}
    source = make_toy_source(workspace)
    list(perform(source, options=Options(patience_seconds=0)))
    source.refresh_from_db()
    return source


def test_accounts_that_agree_are_listed_with_their_names_and_the_sources_own_figures(
    owner_browser: Client, synced: Source
) -> None:
    accounts = agreeing(synced, tie_out_of(synced))
    assert [(row.number, row.name, row.stored, row.vendor) for row in accounts] == [
        (1500, "Account 1500", Decimal(100), Decimal(100)),
        (3000, "Account 3000", Decimal(-100), Decimal(-100)),
    ]
    address = reverse("syncs:proof", args=[synced.pk])
    assert "Account 1500" not in owner_browser.get(address).content.decode()
    page = owner_browser.get(address, {"all": "1"}).content.decode()
    assert "2 accounts that agree" in page
    assert "Account 1500" in page
    assert "−100.00" in page


class OtherReader(LedgerReader):
    """Says a krone more on one account than its postings are."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        return super().trial_balance(on) | {RECEIVABLES: Decimal(101)}


class OtherConnector(LedgerConnector):
    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> OtherReader:
        return OtherReader(self.system, key.reveal())


def test_an_account_that_differs_is_not_among_them_and_has_its_name(
    system: LedgerSystem, synced: Source, settings: Any
) -> None:
    settings.CONNECTORS = {"toy": OtherConnector(system)}
    list(perform(synced, options=Options(patience_seconds=0)))
    tie_out = tie_out_of(synced)
    assert tie_out is not None
    apart = {row.number: row.name for row in tie_out.differences if row.check == "ledger"}
    assert apart == {RECEIVABLES: f"Account {RECEIVABLES}"}
    assert [row.number for row in agreeing(synced, tie_out)] == [SALES]


def test_balances_of_another_tie_out_are_not_shown(synced: Source) -> None:
    make_tie_out(synced, at=Balances.objects.get(source=synced).sync.requested_at.replace(year=2030))
    assert agreeing(synced, tie_out_of(synced)) == []


def test_about_says_since_when_the_books_go(owner_browser: Client, synced: Source) -> None:
    assert synced.facts == {"books_since": "2024-01-01"}
    page = owner_browser.get(reverse("syncs:overview", args=[synced.pk])).content.decode()
    assert "Books since" in page
    assert "Locked to" not in page
