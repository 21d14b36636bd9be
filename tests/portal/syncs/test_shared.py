"""Copies for others follow every sync, hold nobody whose data were deleted, and fail no sync."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.portal.conftest import browser_of
from tests.portal.syncs.toy_source import make_toy_source
from tests.toy import ToyConnector
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import finish_removals, remove
from tieout.portal.syncs import actions, shared
from tieout.portal.syncs.models import Sync, SyncState
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import BusyError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def to(settings: Settings, tmp_path: Path) -> Path:
    settings.CONNECTORS = {"toy": ToyConnector()}
    settings.TIEOUT = replace(settings.TIEOUT, publish_to=tmp_path / "for others")
    return tmp_path / "for others"


def manifest(to: Path, workspace: Workspace) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((to / workspace.slug / "manifest.json").read_text(encoding="utf-8"))
    return told


def test_each_sync_is_followed_by_a_copy_and_deletion_by_one_without(to: Path, workspace: Workspace) -> None:
    source = make_toy_source(workspace)
    for number in (1, 2):
        list(actions.perform(source))
        told = manifest(to, workspace)
        assert (told["sync"], told["folder"]) == (number, f"copies/{number:06d}")
    remove(source, by=None, delete_data=True)
    copies = to / workspace.slug / "copies"
    assert [path.name for path in copies.iterdir()] == ["000001"]  # begun anew
    assert manifest(to, workspace)["sync"] == 0
    shared.withdraw(workspace)
    assert not (to / workspace.slug).exists()


def test_a_folder_that_cannot_be_written_fails_no_sync_but_deletes_nothing_either(
    to: Path, workspace: Workspace, caplog: pytest.LogCaptureFixture, administrator: Person
) -> None:
    browser = browser_of(administrator)
    to.write_text("a file, where a folder should be", encoding="utf-8")
    source = make_toy_source(workspace)
    list(actions.perform(source))
    assert Sync.objects.get().state == SyncState.SUCCEEDED
    assert "could not be copied to TIEOUT_PUBLISH_URL" in caplog.text
    with pytest.raises(BusyError):
        actions.delete_data(source)
    assert Sync.objects.filter(source=source).exists()
    answer = browser.post(f"/sources/{source.pk}/remove/", {"name": source.name, "rows": "delete"}, follow=True)
    assert "can’t be deleted now" in answer.content.decode()
    assert finish_removals() == 0  # a start of the server, which it does not hinder
    to.unlink()
    assert finish_removals() == 1
    assert not Sync.objects.exists()
