"""Estimates: a range with its reason, or nothing."""

from __future__ import annotations

from datetime import timedelta

from tests.portal.syncs.factories import NOW, make_state, make_sync
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Reason, StreamPhase, SyncState
from tieout.portal.syncs.progress import Pace, Progress, lines_of, progress_of
from tieout.portal.templatetags.figures import minutes


def running(source: Source, *, requests: int, seconds: int, **fields: object) -> Progress:
    make_sync(
        source,
        state=SyncState.RUNNING,
        finished_at=None,
        requests=requests,
        started_at=NOW - timedelta(seconds=seconds),
        **fields,
    )
    found = progress_of(source, allowed=9.8, now=NOW)
    assert found is not None
    return found


def test_nothing_runs_nothing_is_estimated(source: Source) -> None:
    make_sync(source)
    assert progress_of(source, allowed=9.8, now=NOW) is None


def test_no_estimate_before_the_pace_is_known(source: Source) -> None:
    make_state(source, "customers", phase=StreamPhase.FETCHING, requests_done=1, requests_planned=100)
    assert running(source, requests=9, seconds=3).left is None


def test_pace_is_never_better_than_what_is_allowed(source: Source) -> None:
    found = running(source, requests=300, seconds=20)
    assert found.pace == Pace(now=9.8, allowed=9.8)


def test_range_lies_between_the_whole_limit_and_a_slower_pace(source: Source) -> None:
    make_state(
        source, "lines", phase=StreamPhase.FETCHING, requests_done=1092, requests_planned=17489, is_deferred=True
    )
    found = running(source, requests=1092, seconds=120)
    assert found.requests_left == 16397
    assert found.left is not None
    assert found.left[0] == 16397 / 9.8
    assert found.left[1] > 16397 / 9.1
    assert minutes(found.left) == "28–35 min"


def test_streams_that_are_done_or_closed_to_us_cost_nothing_more(source: Source) -> None:
    states = [
        make_state(source, "a", phase=StreamPhase.COMPLETE, requests_done=4, requests_planned=9),
        make_state(source, "b", phase=StreamPhase.UNAVAILABLE, requests_planned=9),
    ]
    assert [line.left for line in lines_of(states, Pace(now=9, allowed=9.8))] == [None, None]
    assert [line.percent for line in lines_of(states, None)] == [100, 100]


def test_what_nobody_knows_has_no_bar(source: Source) -> None:
    state = make_state(source, "a", phase=StreamPhase.FETCHING)
    assert lines_of([state], None)[0].percent is None


def test_a_sync_is_shown_before_filling_in(source: Source) -> None:
    make_sync(source, reason=Reason.FILL, state=SyncState.RUNNING, finished_at=None, slot="fill")
    found = running(source, requests=1, seconds=1, slot="sync")
    assert found.sync.reason == Reason.SCHEDULE


def test_streams_that_have_not_begun_count_from_the_plan_on(source: Source) -> None:
    make_state(source, "settings", phase=StreamPhase.COMPLETE, requests_done=2, requests_planned=2)
    make_state(source, "customers", phase=StreamPhase.QUEUED)
    found = running(source, requests=2, seconds=10, requests_planned=60)
    assert (found.done, found.planned, found.requests_left) == (2, 60, 58)


def test_before_the_plan_is_told_two_of_two_requests_are_not_all_there_is(source: Source) -> None:
    make_state(source, "settings", phase=StreamPhase.COMPLETE, requests_done=2, requests_planned=2)
    make_state(source, "customers", phase=StreamPhase.QUEUED)
    assert running(source, requests=2, seconds=1).planned == 0
