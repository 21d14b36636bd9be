"""*Try to break it*: in the demo only, one thing at a time, each followed by a sync that says what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.connectors.fake_server import Asked, FakeServer, Reply, fake_server
from tieout.connectors.poweroffice.streams import PROOF
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.models import Sync, SyncState
from tieout.portal.trials.acts import TRIALS

POSTINGS = "raw_toy.account_transactions"


def control(asked: Asked) -> Reply:
    """A simulator that does everything but one kind of change."""
    told = json.loads(asked.body)
    is_impossible = isinstance(told, dict) and told.get("kind") == "correct_in_place"
    return Reply.of({"error": "these books are a file"}, 400) if is_impossible else Reply.of({"done": 1})


@pytest.fixture
def simulator(settings: Settings) -> Iterator[FakeServer]:
    with fake_server(control) as server:
        settings.TIEOUT = replace(settings.TIEOUT, demo_control=f"{server.url}/_simulator")
        yield server


def attempt(browser: Client, source: Source, name: str) -> str:
    answer = browser.post(reverse("trials:act", args=[source.pk, name]), follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_trial_is_ordered_and_followed_by_a_sync(
    simulator: FakeServer, administrator_browser: Client, source: Source
) -> None:
    page = attempt(administrator_browser, source, "late-posting")
    (asked,) = simulator.asked
    assert (asked.path, json.loads(asked.body)) == (
        "/_simulator/changes",
        {"org": source.organisation_number, "kind": "post_late"},
    )
    assert Sync.objects.get(source=source).state == SyncState.QUEUED
    assert "A voucher was posted into an earlier month." in page
    assert "data-poll" in page
    Sync.objects.update(state=SyncState.SUCCEEDED, verdict="proved")
    strip = administrator_browser.get(reverse("trials:strip", args=[source.pk])).content.decode()
    assert "data-poll" not in strip
    assert reverse("syncs:sync", args=[source.pk, Sync.objects.get().pk]) in strip


def test_one_thing_is_tried_at_a_time(simulator: FakeServer, administrator_browser: Client, source: Source) -> None:
    attempt(administrator_browser, source, "week")
    assert "Wait for its verdict" in attempt(administrator_browser, source, "trouble")
    assert len(simulator.asked) == 1


def test_what_these_books_cannot_do_is_said_and_nothing_is_synced(
    simulator: FakeServer, administrator_browser: Client, source: Source, settings: Settings
) -> None:
    settings.CONNECTORS["toy"].proof = PROOF
    assert "these books are a file" in attempt(administrator_browser, source, "correction-in-place")
    assert "There are no postings yet" in attempt(administrator_browser, source, "lost-row")
    assert not Sync.objects.exists()


def test_a_posting_that_no_sync_reads_again_by_itself_is_lost_of_this_source_alone(
    simulator: FakeServer, administrator_browser: Client, source: Source, settings: Settings
) -> None:
    settings.CONNECTORS["toy"].proof = PROOF
    with warehouses.opened(source.workspace) as warehouse, warehouse.writing() as connection:
        connection.execute("create schema raw_toy")
        columns = "voucher_no int, created_date_time_offset timestamptz, amount decimal(18, 2), _source_id varchar"
        connection.execute(f"create table {POSTINGS} ({columns})")
        mine, long_ago = str(source.pk), "2020-01-01"
        rows = [(1, long_ago, 5, mine), (2, long_ago, 5, mine), (3, long_ago, 0, mine)]
        rows += [(4, f"{timezone.now():%Y-%m-%d}", 5, mine), (9, long_ago, 5, "another")]
        connection.executemany(f"insert into {POSTINGS} values (?, ?, ?, ?)", rows)
    assert "A posting of voucher 2 was deleted" in attempt(administrator_browser, source, "lost-row")
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        left = connection.execute(f"select voucher_no from {POSTINGS} order by 1").fetchall()
    assert left == [(1,), (3,), (4,), (9,)]


def test_outside_the_demo_there_is_nothing_of_it(administrator_browser: Client, source: Source) -> None:
    assert "Try to break it" not in administrator_browser.get(reverse("syncs:proof", args=[source.pk])).content.decode()
    for trial in TRIALS:
        assert administrator_browser.post(reverse("trials:act", args=[source.pk, trial.name])).status_code == 404
    assert administrator_browser.get(reverse("trials:strip", args=[source.pk])).status_code == 404


def test_readers_see_no_buttons_and_can_press_none(
    simulator: FakeServer, reader_browser: Client, source: Source
) -> None:
    assert "Try to break it" not in reader_browser.get(reverse("syncs:proof", args=[source.pk])).content.decode()
    assert reader_browser.post(reverse("trials:act", args=[source.pk, "week"])).status_code == 403
    assert not simulator.asked
