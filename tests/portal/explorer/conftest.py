"""A company whose books are 120 members, synced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.portal.syncs.toy_source import make_toy_source
from tests.toy import ToyConnector, ToySystem
from tieout.portal.sources.models import Source
from tieout.portal.syncs import actions, warehouses
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def system(settings: Settings) -> Iterator[ToySystem]:
    connector = ToyConnector()
    settings.CONNECTORS = {"toy": connector}
    for key in range(8, 121):
        connector.system.put("members", key, Name=f"Member {key}", Fee=-1234.5 if key == 120 else key)
    yield connector.system
    warehouses.close_all()


@pytest.fixture
def synced(workspace: Workspace, system: ToySystem) -> Source:
    source = make_toy_source(workspace)
    list(actions.perform(source))
    return source
