"""Syncs from request to summary: a toy system, a real warehouse, jobs that the test runs."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.portal.syncs.memory_jobs import MemoryJobs
from tests.portal.syncs.toy_source import LinesConnector, files_with, make_toy_source
from tests.toy import ToyConnector, ToySystem
from tieout.connectors.base import Secret
from tieout.connectors.errors import NeedsOperatorError, NotPermittedError, TryLaterError, UnexpectedAnswerError
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import remove
from tieout.portal.sources.models import Activity, ApprovalState, Source, Trouble
from tieout.portal.syncs import actions, running, schedule, warehouses
from tieout.portal.syncs.models import Event, Fault, Reason, StreamPhase, StreamState, Sync, SyncState
from tieout.portal.workspaces.models import Workspace
from tieout.sync.events import StreamFinished, SyncFinished, TiedOut
from tieout.warehouse.browse import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def system(settings: Settings) -> ToySystem:
    connector = ToyConnector()
    settings.CONNECTORS = {"toy": connector}
    return connector.system


@pytest.fixture
def lines(settings: Settings) -> ToySystem:
    connector = LinesConnector()
    settings.CONNECTORS = {"toy": connector}
    return connector.system


@pytest.fixture
def toy(workspace: Workspace, system: ToySystem) -> Source:
    return make_toy_source(workspace)


@pytest.fixture(autouse=True)
def _warehouses_are_closed() -> object:
    yield
    warehouses.close_all()


def run(source: Source) -> list[object]:
    return list(actions.perform(source))


def fresh(source: Source) -> Source:
    return Source.objects.select_related("workspace").get(pk=source.pk)


def stored(source: Source, table: str) -> int:
    with warehouses.opened(source.workspace) as warehouse:
        return rows(warehouse, "raw_toy", table, source_ids=[str(source.pk)]).total


def test_perform_tells_everything_and_ends_with_finish_and_tie_out(toy: Source) -> None:
    told = run(toy)
    assert isinstance(told[-2], SyncFinished)
    assert isinstance(told[-1], TiedOut)
    assert stored(toy, "bookings") == 20
    assert stored(toy, "members") == 7


def test_perform_keeps_row_streams_log_and_summary(toy: Source) -> None:
    run(toy)
    sync = Sync.objects.get()
    assert (sync.reason, sync.state, sync.rows_new) == (Reason.COMMAND, SyncState.SUCCEEDED, 27)
    assert sync.requests > 0
    assert sync.finished_at is not None
    bookings = StreamState.objects.get(stream="bookings")
    assert (bookings.phase, bookings.rows) == (StreamPhase.COMPLETE, 20)
    assert bookings.newest_on is not None
    codes = list(Event.objects.values_list("code", flat=True))
    assert codes[0] == "sync_started"
    assert codes[-2:] == ["sync_finished", "tie_out"]
    assert "stream_progressed" not in codes  # a page is progress, not history
    source = fresh(toy)
    assert source.rows_total == 27
    assert source.first_sync_done_at is not None
    assert source.last_complete_at is not None
    assert source.verdict == sync.verdict != ""
    assert source.next_sync_at is not None
    assert source.activity == ""


def test_windows_of_a_first_sync_are_told_newest_first(toy: Source) -> None:
    run(toy)
    ready = [event.facts["first"] for event in Event.objects.filter(code="window_ready")]
    assert ready[:3] == ["2026-01-01", "2025-01-01", "2024-01-01"]
    assert ready == sorted(ready, reverse=True)


def test_second_sync_counts_only_what_changed(toy: Source, system: ToySystem) -> None:
    run(toy)
    system.pass_time(hours=1)
    system.put("members", 8, Name="Member 8", Fee=1)
    system.put("members", 1, Name="Member one", Fee=1)
    run(toy)
    sync = Sync.objects.order_by("pk").last()
    assert sync is not None
    assert (sync.rows_new, sync.rows_changed) == (1, 1)
    assert fresh(toy).rows_last_day == 27 + 2


def test_withdrawn_approval_is_marked_with_its_time_and_the_data_stays(workspace: Workspace, system: ToySystem) -> None:
    source = make_toy_source(workspace)
    run(source)
    complete_at = fresh(source).last_complete_at
    source.credentials.keep("client_key", Secret("another"))
    source.credentials.save()
    before = timezone.now()
    run(source)
    source = fresh(source)
    assert source.approval_state == ApprovalState.WITHDRAWN
    assert source.withdrawn_since is not None
    assert source.withdrawn_since >= before
    assert source.last_complete_at == complete_at
    assert stored(source, "bookings") == 20
    assert Sync.objects.first().fault == Fault.COMPANY  # type: ignore[union-attr]


def test_a_stream_that_the_company_does_not_open_says_why_and_the_rest_is_there(toy: Source, system: ToySystem) -> None:
    system.faults["members"] = [NotPermittedError("No members.", reason="The company has no Members module")]
    run(toy)
    members = StreamState.objects.get(stream="members")
    assert (members.phase, members.reason) == (StreamPhase.UNAVAILABLE, "The company has no Members module")
    assert stored(toy, "bookings") == 20
    assert fresh(toy).approval_state == ApprovalState.APPROVED


def test_being_busy_is_no_trouble_and_tried_again_soon(toy: Source, system: ToySystem) -> None:
    system.faults["members"] = [TryLaterError("Busy.")] * 9
    run(toy)
    source = fresh(toy)
    sync = Sync.objects.get()
    assert (sync.state, sync.fault) == (SyncState.INCOMPLETE, Fault.TRY_LATER)
    assert source.trouble == ""
    assert source.next_sync_at is not None
    assert source.next_sync_at <= timezone.now() + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (NeedsOperatorError("Our keys are refused."), Trouble.OPERATOR),
        (UnexpectedAnswerError("A list was no list."), Trouble.UNEXPECTED),
    ],
)
def test_trouble_says_who_must_act_and_goes_when_a_sync_succeeds(
    toy: Source, system: ToySystem, error: Exception, trouble: Trouble
) -> None:
    system.faults["members"] = [error]
    run(toy)
    source = fresh(toy)
    since = source.trouble_since
    assert source.trouble == trouble
    assert since is not None
    system.faults["members"] = [error]
    run(toy)
    assert fresh(toy).trouble_since == since
    run(toy)
    assert (fresh(toy).trouble, fresh(toy).trouble_since) == ("", None)


def test_a_fault_of_ours_is_kept_by_kind_and_goes_on(toy: Source, system: ToySystem) -> None:
    system.faults["members"] = [ZeroDivisionError("with a secret in it")]
    with pytest.raises(ZeroDivisionError):
        run(toy)
    sync = Sync.objects.get()
    assert (sync.state, sync.fault, sync.message) == (SyncState.FAILED, Fault.UNEXPECTED, "ZeroDivisionError")
    assert fresh(toy).activity == ""


def test_who_stops_listening_cancels(toy: Source) -> None:
    events = actions.perform(toy)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert Sync.objects.get().state == SyncState.CANCELLED


def test_tie_out_alone_is_no_sync(toy: Source) -> None:
    run(toy)
    complete_at = fresh(toy).last_complete_at
    told = list(actions.perform_tie_out(toy))
    assert isinstance(told[-1], TiedOut)
    assert Sync.objects.first().reason == Reason.CHECK  # type: ignore[union-attr]
    assert fresh(toy).last_complete_at == complete_at


def test_checks_of_different_days_are_different_jobs(toy: Source, memory_jobs: MemoryJobs) -> None:
    day = date(2025, 6, 17)
    first = actions.request_check(toy, on=day)
    assert actions.request_check(toy, on=day) == first
    assert actions.request_check(toy) != first
    first.refresh_from_db()
    assert first.on == day


def test_requests_of_one_kind_are_one_job_and_run_by_it(toy: Source, owner: Person, memory_jobs: MemoryJobs) -> None:
    first = actions.request_sync(toy, reason=Reason.FIRST, by=owner)
    assert actions.request_sync(toy, reason=Reason.PERSON) == first
    assert [job.arguments for job in memory_jobs.waiting] == [{"sync_id": first.pk}]
    assert fresh(toy).activity == Activity.QUEUED
    memory_jobs.run_all()
    first.refresh_from_db()
    assert first.state == SyncState.SUCCEEDED
    assert stored(toy, "bookings") == 20


def test_a_request_is_one_that_waits_only_if_that_reads_as_much(toy: Source, memory_jobs: MemoryJobs) -> None:
    waiting = actions.request_sync(toy, reason=Reason.PERSON, skip=["members"])
    assert actions.request_sync(toy, reason=Reason.PERSON, skip=["members", "bookings"]) == waiting
    more = actions.request_sync(toy, reason=Reason.PERSON)
    assert more != waiting
    whole = actions.request_sync(toy, reason=Reason.PERSON, full=True)
    assert whole.full
    assert whole not in (waiting, more)
    assert actions.request_sync(toy, reason=Reason.PERSON, full=True, skip=["members"]) == whole


def test_a_request_while_one_runs_waits_behind_it(toy: Source, memory_jobs: MemoryJobs) -> None:
    running_sync = actions.request_sync(toy, reason=Reason.FIRST)
    events = actions.carry_out(running_sync)
    next(events)
    asked = {actions.request_sync(toy, reason=Reason.RENEWAL) for _ in range(3)}
    assert len(asked) == 1
    assert running_sync not in asked
    list(events)
    assert stored(toy, "bookings") == 20


def test_cancelled_sync_stops_soon_and_keeps_what_arrived(toy: Source, owner: Person, memory_jobs: MemoryJobs) -> None:
    sync = actions.request_sync(toy, reason=Reason.FIRST)
    for event in actions.carry_out(sync):
        if isinstance(event, StreamFinished):
            actions.cancel_sync(toy, owner)
    sync = Sync.objects.get(pk=sync.pk)
    assert (sync.state, sync.cancelled_by) == (SyncState.CANCELLED, owner)
    assert 0 < stored(toy, "bookings") + stored(toy, "members") < 27


def test_a_field_that_nobody_knows_yet_is_told_beside_its_stream(
    toy: Source, system: ToySystem, owner_browser: Client, memory_jobs: MemoryJobs
) -> None:
    system.put("members", 900, Name="Fixture", Fee="1", Shoe="43")
    actions.request_sync(toy, reason=Reason.FIRST)
    memory_jobs.run_all()
    assert {row.stream: row.unknown_fields for row in toy.streams.all()} == {"members": ["Shoe"], "bookings": []}
    page = owner_browser.get(reverse("syncs:streams", args=[toy.pk])).content.decode()
    assert "the field Shoe, which Tieout doesn’t know yet" in page
    system.now += timedelta(hours=1)
    actions.request_sync(toy, reason=Reason.PERSON)
    memory_jobs.run_all()
    assert toy.streams.get(stream="members").unknown_fields == ["Shoe"]  # nothing came that could say otherwise


def test_cancelled_before_it_began_never_runs(toy: Source, system: ToySystem, memory_jobs: MemoryJobs) -> None:
    actions.request_sync(toy, reason=Reason.PERSON)
    actions.cancel_sync(toy, None)
    assert memory_jobs.run_all() == []
    assert system.asked == []


def test_a_process_that_ends_puts_its_sync_back_and_the_next_start_goes_on(
    toy: Source, memory_jobs: MemoryJobs
) -> None:
    sync = actions.request_sync(toy, reason=Reason.FIRST)
    for event in actions.carry_out(sync):
        if isinstance(event, StreamFinished):
            running.stop_all()
    sync.refresh_from_db()
    assert (sync.state, sync.attempt) == (SyncState.QUEUED, 2)
    running.begin_again()
    assert schedule.adopt() == 1
    memory_jobs.run_all()
    sync.refresh_from_db()
    assert sync.state == SyncState.SUCCEEDED
    assert stored(toy, "bookings") == 20
    assert Event.objects.filter(sync=sync, code="taken_up").exists()


def test_a_scheduled_sync_comes_and_is_thorough_once_a_night(toy: Source, memory_jobs: MemoryJobs) -> None:
    Source.objects.filter(pk=toy.pk).update(next_sync_at=timezone.now())
    (sync,) = actions.request_due(now=timezone.now())
    assert sync.nightly
    memory_jobs.run_all()
    assert not actions.request_sync(toy, reason=Reason.PERSON).nightly


def test_lines_fill_in_chunks_and_never_before_a_sync(
    workspace: Workspace, lines: ToySystem, memory_jobs: MemoryJobs, settings: Settings
) -> None:
    settings.FILL_CHUNK_REQUESTS = 8
    source = make_toy_source(workspace)
    actions.request_sync(source, reason=Reason.FIRST)
    memory_jobs.run_next()
    assert stored(source, "lines") == 0
    assert fresh(source).first_sync_done_at is not None
    state = StreamState.objects.get(stream="lines")
    assert (state.requests_done, state.requests_planned, state.rows_left) == (0, 20, 20)
    assert memory_jobs.run_next().task == "fill"
    assert stored(source, "lines") == 8
    waiting = actions.request_sync(source, reason=Reason.PERSON)
    gave_way = memory_jobs.run_next()
    assert gave_way.task == "fill"
    assert stored(source, "lines") == 8
    done = memory_jobs.run_all()
    waiting.refresh_from_db()
    assert waiting.state == SyncState.SUCCEEDED
    assert {job.task for job in done} == {"sync", "fill"}
    assert stored(source, "lines") == 20
    fill = Sync.objects.get(reason=Reason.FILL)
    assert (fill.state, fill.rows_new) == (SyncState.SUCCEEDED, 20)
    assert StreamState.objects.get(stream="lines").phase == StreamPhase.COMPLETE


def test_filling_in_stops_with_a_pause_and_goes_on_with_the_next_sync(
    workspace: Workspace, lines: ToySystem, memory_jobs: MemoryJobs
) -> None:
    source = make_toy_source(workspace)
    actions.request_sync(source, reason=Reason.FIRST)
    memory_jobs.run_next()
    Source.objects.filter(pk=source.pk).update(paused_at=timezone.now())
    memory_jobs.run_all()
    assert stored(source, "lines") == 0
    Source.objects.filter(pk=source.pk).update(paused_at=None)
    actions.request_sync(source, reason=Reason.PERSON)
    memory_jobs.run_all()
    assert stored(source, "lines") == 20


def test_by_command_lines_are_there_at_the_end(workspace: Workspace, lines: ToySystem) -> None:
    source = make_toy_source(workspace)
    run(source)
    assert stored(source, "lines") == 20


def test_deleting_data_leaves_no_trace_of_it_in_any_file(
    workspace: Workspace, system: ToySystem, home: Path, memory_jobs: MemoryJobs
) -> None:
    kept, gone = make_toy_source(workspace), make_toy_source(workspace, number="910000004")
    system.put("members", 99, Name="Fixture-Trace-4711", Fee=1)
    run(gone)
    system.drop("members", 99)
    run(kept)
    assert files_with(home, "Fixture-Trace-4711")
    remove(gone, by=None, delete_data=True)
    warehouses.close_all()
    assert files_with(home, "Fixture-Trace-4711") == []
    assert not Source.objects.filter(pk=gone.pk).exists()
    assert stored(kept, "bookings") == 20


def test_one_workspace_has_one_open_warehouse_which_closes_when_idle(toy: Source) -> None:
    run(toy)
    with warehouses.opened(toy.workspace) as one, warehouses.opened(toy.workspace) as same:
        assert one is same
        assert warehouses.close_idle(idle_seconds=0) == 0
    assert warehouses.close_idle(idle_seconds=60) == 0
    assert warehouses.close_idle(idle_seconds=0) == 1
    assert stored(toy, "bookings") == 20
