"""What may happen to data sources."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.portal.conftest import company, make_source
from tieout.connectors.base import Secret
from tieout.portal.people.models import Person
from tieout.portal.sources import actions
from tieout.portal.sources.models import ApprovalState, Credentials, Source
from tieout.portal.syncs.actions import request_sync
from tieout.portal.workspaces.models import Happening, Workspace

SINCE = datetime(2026, 11, 19, 8, 14, tzinfo=UTC)


def test_same_company_is_never_there_twice(source: Source, workspace: Workspace) -> None:
    with pytest.raises(actions.AlreadyThereError) as raised:
        make_source(workspace)
    assert raised.value.source == source
    assert Source.objects.in_workspace(workspace).count() == 1


def test_another_workspace_may_have_the_same_company(source: Source, other_workspace: Workspace) -> None:
    assert make_source(other_workspace).pk != source.pk


def test_another_client_of_the_same_company_is_another_source(workspace: Workspace) -> None:
    first = actions.create_source(workspace, connector="toy", company=company(client_id="1"), client_key=Secret("a"))
    second = actions.create_source(workspace, connector="toy", company=company(client_id="2"), client_key=Secret("b"))
    assert first.pk != second.pk
    with pytest.raises(actions.AlreadyThereError):
        actions.create_source(workspace, connector="toy", company=company(client_id="2"), client_key=Secret("c"))


def test_removed_company_comes_back_under_its_old_id(source: Source, workspace: Workspace, owner: Person) -> None:
    actions.remove(source, by=owner, delete_data=False)
    assert not Source.objects.in_workspace(workspace).exists()
    again = make_source(workspace)
    assert again.pk == source.pk
    assert list(Source.objects.in_workspace(workspace)) == [again]
    assert actions.client_key(again).reveal() == "key-of-910000004"


def test_removing_destroys_the_key_at_once_and_is_told(source: Source, owner: Person) -> None:
    actions.remove(source, by=owner, delete_data=False)
    assert not Credentials.objects.exists()
    told = Happening.objects.get(kind="source_removed")
    assert (told.person, told.facts["organisation_number"]) == (owner, "910000004")


def test_renewal_replaces_the_key_and_ends_the_withdrawal(source: Source) -> None:
    actions.mark_withdrawn(source, since=SINCE)
    actions.replace_credentials(source, company=company(), client_key=Secret("new"), approver_email="new@example.com")
    source.refresh_from_db()
    assert source.approval_state == ApprovalState.APPROVED
    assert source.withdrawn_since is None
    assert source.approver_email == "new@example.com"
    assert actions.client_key(source).reveal() == "new"


@pytest.mark.parametrize("other", [company(number="920000008"), company(client_id="another")])
def test_renewal_by_another_company_changes_nothing(workspace: Workspace, other: object) -> None:
    source = actions.create_source(
        workspace, connector="toy", company=company(client_id="mine"), client_key=Secret("old")
    )
    with pytest.raises(actions.OtherCompanyError):
        actions.replace_credentials(source, company=other, client_key=Secret("new"), approver_email=None)  # type: ignore[arg-type]
    assert actions.client_key(source).reveal() == "old"


def test_renewal_keeps_what_a_sync_wrote_meanwhile(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(rows_total=99, verdict="not_proved")
    actions.replace_credentials(source, company=company(), client_key=Secret("new"), approver_email=None)
    source.refresh_from_db()
    assert (source.rows_total, source.verdict) == (99, "not_proved")


def test_first_moment_of_a_withdrawal_counts(source: Source) -> None:
    actions.mark_withdrawn(source, since=SINCE)
    actions.mark_withdrawn(Source.objects.get(pk=source.pk), since=SINCE + timedelta(hours=1))
    source.refresh_from_db()
    assert source.withdrawn_since == SINCE
    assert Happening.objects.filter(kind="approval_withdrawn").count() == 1


def test_resumed_source_is_due_at_once(source: Source, owner: Person) -> None:
    actions.pause(source, by=owner)
    assert source.is_paused
    actions.resume(source, by=owner)
    source.refresh_from_db()
    assert not source.is_paused
    assert source.next_sync_at is not None
    assert source.next_sync_at <= datetime.now(UTC)


def test_shorter_interval_brings_the_next_sync_forward(source: Source, owner: Person) -> None:
    source.next_sync_at = datetime.now(UTC) + timedelta(hours=10)
    actions.change_settings(source, name="Renamed", interval_minutes=15, hours="always", by=owner)
    source.refresh_from_db()
    assert source.next_sync_at is not None
    assert source.next_sync_at <= datetime.now(UTC) + timedelta(minutes=15)
    told = Happening.objects.get(kind="source_changed")
    assert told.facts == {"name": ["Fixture Trading AS", "Renamed"], "interval_minutes": [60, 15]}


def test_settings_that_stay_are_not_told(source: Source, owner: Person) -> None:
    actions.change_settings(
        source, name=source.name, interval_minutes=source.interval_minutes, hours=source.hours, by=owner
    )
    assert not Happening.objects.filter(kind="source_changed").exists()


def test_removing_with_data_leaves_the_history_only(source: Source, owner: Person, workspace: Workspace) -> None:
    actions.remove(source, by=owner, delete_data=True)
    assert not Source.objects.filter(workspace=workspace).exists()
    told = Happening.objects.get(kind="source_removed")
    assert told.facts == {"company": "Fixture Trading AS", "organisation_number": "910000004", "data_deleted": True}


def test_removal_that_was_interrupted_is_finished_by_the_next_start(source: Source, workspace: Workspace) -> None:
    source.removed_at, source.is_to_be_deleted = SINCE, True  # as a kill leaves it between the two halves
    source.save()
    assert actions.finish_removals() == 1
    assert not Source.objects.filter(workspace=workspace).exists()
    assert actions.finish_removals() == 0


def test_removing_cancels_what_waits(source: Source, owner: Person) -> None:
    waiting = request_sync(source, reason="person", by=owner)
    actions.remove(source, by=owner, delete_data=False)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
