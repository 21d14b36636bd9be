"""The pages of a data source: what they say, who may press, and whose they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.conftest import make_source
from tests.portal.syncs.factories import difference, make_state, make_sync, make_tie_out, tell
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Activity, ApprovalState, Source
from tieout.portal.syncs.models import Reason, StreamPhase, Sync, SyncState
from tieout.portal.workspaces.actions import tell as tell_workspace
from tieout.portal.workspaces.models import Workspace

PAGES = ("overview", "streams", "history", "proof")
BUTTONS = ("sync_now", "cancel", "check_now")


def get(browser: Client, view: str, *args: object) -> str:
    response = browser.get(reverse(f"syncs:{view}", args=args))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("page", PAGES)
def test_a_source_without_any_sync_has_pages(owner_browser: Client, workspace: Workspace, page: str) -> None:
    assert "Fixture Trading AS" in get(owner_browser, page, make_source(workspace).pk)


@pytest.mark.parametrize("page", PAGES)
def test_a_source_of_another_workspace_is_not_there(
    owner_browser: Client, other_workspace: Workspace, page: str
) -> None:
    foreign = make_source(other_workspace)
    assert owner_browser.get(reverse(f"syncs:{page}", args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize("button", BUTTONS)
def test_a_reader_may_look_and_not_press(reader_browser: Client, source: Source, button: str) -> None:
    assert "Fixture Trading AS" in get(reader_browser, "overview", source.pk)
    assert reader_browser.post(reverse(f"syncs:{button}", args=[source.pk])).status_code == 403
    assert Sync.objects.count() == 0


@pytest.mark.parametrize("button", BUTTONS)
def test_buttons_are_pressed_not_visited(owner_browser: Client, source: Source, button: str) -> None:
    assert owner_browser.get(reverse(f"syncs:{button}", args=[source.pk])).status_code == 405


def test_sync_now_asks_once_however_often_it_is_pressed(
    administrator_browser: Client, administrator: Person, source: Source
) -> None:
    for _ in range(3):
        administrator_browser.post(reverse("syncs:sync_now", args=[source.pk]))
    sync = Sync.objects.get()
    assert (sync.reason, sync.state, sync.requested_by) == (Reason.PERSON, SyncState.QUEUED, administrator)
    assert "A sync is waiting for its turn" in get(administrator_browser, "overview", source.pk)


def test_a_paused_source_is_not_synced_by_hand(owner_browser: Client, owner: Person, workspace: Workspace) -> None:
    source = make_source(workspace, paused_at=datetime.now(UTC), paused_by=owner)
    page = owner_browser.post(reverse("syncs:sync_now", args=[source.pk]), follow=True).content.decode()
    assert "Resume it first" in page
    assert Sync.objects.count() == 0


def test_cancel_ends_what_waits_and_stops_what_runs(owner_browser: Client, owner: Person, source: Source) -> None:
    waiting = make_sync(source, state=SyncState.QUEUED, finished_at=None, slot="waiting")
    running = make_sync(source, state=SyncState.RUNNING, finished_at=None, slot="running")
    owner_browser.post(reverse("syncs:cancel", args=[source.pk]))
    waiting.refresh_from_db()
    running.refresh_from_db()
    assert (waiting.state, waiting.cancelled_by) == (SyncState.CANCELLED, owner)
    assert running.state == SyncState.RUNNING
    assert running.cancel_requested_at is not None


def test_first_sync_tells_each_stream_and_an_estimate_with_its_reason(
    owner_browser: Client, workspace: Workspace
) -> None:
    source = make_source(workspace, activity=Activity.RUNNING)
    started = datetime.now(UTC) - timedelta(seconds=120)
    make_sync(source, reason=Reason.FIRST, state=SyncState.RUNNING, finished_at=None, started_at=started, requests=1092)
    make_state(source, "departments", requests_done=1, requests_planned=1)
    make_state(
        source,
        "account_transactions",
        phase=StreamPhase.FETCHING,
        window="2021",
        requests_done=84,
        requests_planned=118,
        position=1,
    )
    make_state(
        source,
        "outgoing_invoice_lines",
        phase=StreamPhase.FETCHING,
        is_deferred=True,
        requests_done=954,
        requests_planned=17312,
        position=2,
    )
    make_state(
        source,
        "projects",
        phase=StreamPhase.UNAVAILABLE,
        rows=0,
        reason="The company has no Project module",
        position=3,
    )
    page = get(owner_browser, "overview", source.pk)
    assert "1,039 of 17,431 requests" in page
    assert "30–35 min left" in page
    assert "9.1 requests a second now, so the 16,392 requests that are left take 30–35 min" in page
    assert "Fetching 2021" in page
    assert "84 of 118" in page
    assert "The company has no Project module" in page
    assert 'data-poll="' in page


def test_live_part_calls_for_the_whole_page_when_its_buttons_would_be_others(
    owner_browser: Client, source: Source
) -> None:
    live = reverse("syncs:live", args=[source.pk])
    assert owner_browser.get(live, {"as": ".healthy"}).status_code == 200
    assert owner_browser.get(live, {"as": "running.healthy"}).status_code == 302


def test_withdrawn_source_says_since_when_figures_stand_still(owner_browser: Client, workspace: Workspace) -> None:
    since = datetime(2026, 11, 19, 8, 14, tzinfo=UTC)
    source = make_source(
        workspace,
        approval_state=ApprovalState.WITHDRAWN,
        withdrawn_since=since,
        last_complete_at=since - timedelta(minutes=14),
    )
    page = get(owner_browser, "overview", source.pk)
    assert re.search(r"no longer accepts the approval, since 19 Nov\.? 2026, 09:14", page)
    assert re.search(r"Figures stand still at 19 Nov\.? 2026, 09:00", page)
    assert page.count('class="callout') == 1


def test_not_proved_names_account_amounts_and_date_with_differences_first(
    owner_browser: Client, source: Source
) -> None:
    make_tie_out(
        source,
        differences=(
            difference(2701, "-731508.60", "-734258.60"),
            difference(1500, "1968377.75", "1982127.75", account_name="Accounts receivable"),
        ),
    )
    page = get(owner_browser, "proof", source.pk)
    assert "Not proved" in page
    assert "2 of 214 accounts differ" in page
    assert "−13,750.00" in page
    assert "1,968,377.75" in page
    assert page.index("Accounts receivable</th>") < page.index("2,750.00")
    assert "212 accounts agree to the øre" in page
    assert "19 Nov 2026" in page


def test_proved_counts_checks_made_missing_and_not_applicable(owner_browser: Client, source: Source) -> None:
    make_tie_out(source)
    page = get(owner_browser, "proof", source.pk)
    assert re.search(
        r"214 accounts agree with Toy Books’s own trial balance to the øre, as of 19 Nov\.? 2026, 10:04", page
    )
    assert "1 check made, 0 could not be made, 1 not applicable" in page
    assert "the company has no such register" in page


def test_couldnt_check_never_reads_like_proved(owner_browser: Client, source: Source) -> None:
    missing = {
        "check": "ledger",
        "date": "2026-11-19",
        "compared": 0,
        "outcome": "could_not_check",
        "reason": "try_later",
    }
    make_tie_out(source, verdict="could_not_check", checks=[missing])
    page = get(owner_browser, "proof", source.pk)
    assert "Couldn’t check" in page
    assert "nobody has proved it" in page
    assert "agree" not in page.split("What that proves")[0]


def test_filling_streams_are_named_and_not_covered_by_the_verdict(owner_browser: Client, source: Source) -> None:
    make_tie_out(source)
    make_state(
        source,
        "outgoing_invoice_lines",
        phase=StreamPhase.FETCHING,
        is_deferred=True,
        grade="not_checkable",
        requests_done=10,
        requests_planned=40,
    )
    assert "Outgoing invoice lines are still arriving (30 to go) and are not part of this" in get(
        owner_browser, "proof", source.pk
    )


def test_norwegian_page_has_norwegian_figures(owner_browser: Client, owner: Person, source: Source) -> None:
    owner.language = "nb"
    owner.save()
    make_tie_out(source, differences=(difference(1500, "1968377.75", "1982127.75"),))
    assert "−13\u00a0750,00" in owner_browser.get(reverse("syncs:proof", args=[source.pk])).content.decode()


def test_history_mixes_syncs_and_what_people_did_and_filters_by_address(
    owner_browser: Client, owner: Person, source: Source
) -> None:
    sync = make_sync(source, requested_by=owner, reason=Reason.PERSON)
    make_sync(source, state=SyncState.FAILED, slot="failed", fault="unexpected")
    tell_workspace(source.workspace, "source_paused", person=owner, source=source)
    everything = get(owner_browser, "history", source.pk)
    assert "Paused" in everything
    assert reverse("syncs:sync", args=[source.pk, sync.pk]) in everything
    response = owner_browser.get(reverse("syncs:history", args=[source.pk]), {"show": "problems"})
    problems = response.content.decode()
    assert "Failed" in problems
    assert reverse("syncs:sync", args=[source.pk, sync.pk]) not in problems


def test_history_is_paged(owner_browser: Client, source: Source) -> None:
    for number in range(60):
        make_sync(source, slot=str(number))
    page = owner_browser.get(reverse("syncs:history", args=[source.pk]), {"page": 2}).content.decode()
    assert "51–61 of 61" in page  # 60 syncs, and that the source was added


def test_one_syncs_page_has_streams_requests_verdict_and_log(owner_browser: Client, source: Source) -> None:
    sync = make_tie_out(source)
    tell(
        sync, "stream_finished", stream="customers", rows=3118, new=12, changed=3, removed=1, requests=4, filling=False
    )
    tell(sync, "stream_not_available", stream="projects", reason="The company has no Project module")
    page = get(owner_browser, "sync", source.pk, sync.pk)
    assert "Customers: 12 new, 3 changed, 1 removed; rows read: 3,118, requests: 4" in page
    assert "The company has no Project module" in page
    assert "41 requests" in page
    log = b"".join(owner_browser.get(reverse("syncs:log", args=[source.pk, sync.pk])).streaming_content)  # type: ignore[attr-defined]
    assert log.count(b"\n") == 3


def test_a_sync_of_another_source_is_not_there(owner_browser: Client, workspace: Workspace, source: Source) -> None:
    other = make_source(workspace, "Another Fixture AS", "910000012")
    assert owner_browser.get(reverse("syncs:sync", args=[source.pk, make_sync(other).pk])).status_code == 404


def test_differences_as_csv_are_exact_and_no_formula(owner_browser: Client, source: Source) -> None:
    make_tie_out(source, differences=(difference(1500, "1.10", "2.20", account_name="=1+1"),))
    text = owner_browser.get(reverse("syncs:differences", args=[source.pk])).content.decode()
    assert "ledger,2026-11-19,1500,'=1+1,1.10,2.20,-1.10" in text


def test_what_a_company_does_not_open_is_said_in_its_place(owner_browser: Client, source: Source) -> None:
    make_state(source, "projects", phase=StreamPhase.UNAVAILABLE, reason="The company has no Project module", rows=0)
    page = get(owner_browser, "streams", source.pk)
    assert "Not available to us" in page
    assert "The company has no Project module" in page


@pytest.mark.parametrize(("on", "asked"), [("2025-06-17", 1), ("2999-01-01", 0), ("1066-10-14", 0), ("yesterday", 0)])
def test_a_day_to_check_must_be_over(administrator_browser: Client, source: Source, on: str, asked: int) -> None:
    administrator_browser.post(reverse("syncs:check_now", args=[source.pk]), {"on": on})
    assert Sync.objects.filter(on__isnull=False).count() == asked
    assert Sync.objects.count() == asked
