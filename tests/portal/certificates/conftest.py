"""A data source that is synced and proved: the ledger toy, with an opening, three years, and a subledger."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.portal.conftest import company
from tests.sync.ledger_system import LedgerConnector
from tests.toy import KEY
from tieout.connectors.base import Secret
from tieout.portal.sources.actions import create_source
from tieout.portal.sources.models import Source
from tieout.portal.syncs.actions import perform
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def connector(settings: Settings) -> LedgerConnector:
    made = LedgerConnector()
    settings.CONNECTORS = {made.name: made}
    return made


@pytest.fixture
def synced(workspace: Workspace, connector: LedgerConnector) -> Source:
    told = company("Blåbær & Sønner AS")
    source = create_source(workspace, connector=connector.name, company=told, client_key=Secret(KEY), by=None)
    for _ in perform(source, reason="command"):
        pass
    source.refresh_from_db()
    return source
