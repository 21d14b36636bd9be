"""A workspace that is removed: closed to everybody at once, and then nowhere any more, whatever cut it off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.attacks.addresses import everything_stored
from tests.portal.conftest import HOST, browser_of, make_source
from tests.portal.syncs.factories import make_sync
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.audits.models import Entry
from tieout.portal.explorer.models import SavedQuery
from tieout.portal.feeds.actions import make_token
from tieout.portal.groups.actions import make_group
from tieout.portal.people.models import Person
from tieout.portal.removals import actions
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.actions import create_workspace, give_role
from tieout.portal.workspaces.models import Role, Workspace
from tieout.warehouse.base import BusyError

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
MARK = "Merkelapp 7431"
KEPT = ("django_session", "usersessions_", "audits_")


def filled(owner: Person) -> tuple[Workspace, str]:
    """A workspace with rows, copies, links, tokens, groups; the secret of a feed token."""
    made = create_workspace("To be removed")
    give_role(made, owner, Role.OWNER)
    books = MovingBooks(made)
    books.post(1, date(2026, 1, 5), (1920, "10"), (3000, "-10"), Description=MARK)
    books.sync()
    make_sync(books.source)
    with warehouses.store_of(books.source) as store:
        store.publish()
    ApprovalLink.objects.create(
        workspace=made,
        connector="toy",
        token_hash="0" * 64,
        made_at=NOW,
        valid_for=timedelta(days=1),
        expires_at=NOW + timedelta(days=1),
    )
    SavedQuery.objects.create(workspace=made, saved_by=owner, saved_at=NOW, name=MARK, sql="select 1")
    make_group(made, MARK, by=owner)
    return made, make_token(made, owner, name=MARK, days=1)[1]


def files_with(home: Path, text: str) -> list[str]:
    return [path.name for path in home.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_removed_workspace_is_left_and_others_are_untouched(
    home: Path, owner: Person, workspace: Workspace
) -> None:
    make_source(workspace)
    before = everything_stored(but=KEPT)
    gone, _secret = filled(owner)
    assert files_with(home, MARK)
    assert [path for path in home.rglob("*") if gone.slug in path.name]
    actions.remove_workspace(gone, by=owner)
    assert everything_stored(but=KEPT) == before
    assert files_with(home, MARK) == []
    assert [path for path in home.rglob("*") if gone.slug in path.name] == []
    told = Entry.objects.get(kind="workspace_removed")
    assert (told.workspace_id, told.person, told.facts) == (None, owner, {"name": "To be removed", "companies": 1})


def test_while_somebody_reads_it_is_closed_to_everybody_and_the_next_start_ends_it(owner: Person) -> None:
    gone, secret = filled(owner)
    signed_in = browser_of(owner)
    program = Client(headers={"host": HOST, "authorization": f"Bearer {secret}"})
    assert program.get(f"/odata/v4/{gone.slug}/").status_code == 200
    with warehouses.opened(gone), pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouses, "DELETE_PATIENCE_SECONDS", 0.0)
        with pytest.raises(BusyError):
            actions.remove_workspace(gone, by=owner)
    assert program.get(f"/odata/v4/{gone.slug}/").status_code in (401, 403, 404)
    assert signed_in.post(f"/workspaces/{gone.slug}/open/").status_code == 404
    assert not Credentials.objects.exists()
    assert not ApprovalLink.objects.exists()
    assert actions.finish_removals() == 1
    assert not Workspace.objects.filter(pk=gone.pk).exists()
    assert not Source.objects.exists()
    assert actions.finish_removals() == 0


def test_a_page_asks_owners_for_the_name(
    owner_browser: Client, administrator_browser: Client, workspace: Workspace, source: Source
) -> None:
    assert administrator_browser.get("/workspace/remove/").status_code == 403
    shown = owner_browser.get("/workspace/remove/").content.decode()
    assert "1 company" in shown
    answer = owner_browser.post("/workspace/remove/", {"name": "something else"})
    assert "That is not its name." in answer.content.decode()
    assert Workspace.objects.filter(pk=workspace.pk, removed_at=None).exists()
    answer = owner_browser.post("/workspace/remove/", {"name": "fixture  accounting"}, follow=True)
    assert "Fixture Accounting is removed, with everything in it." in answer.content.decode()
    assert not Workspace.objects.filter(pk=workspace.pk).exists()
