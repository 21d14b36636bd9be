"""What monitors are told: that it lives, whether it can work, and figures without names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from tests.portal.syncs.conftest import _process_goes_on, memory_jobs
from tests.portal.syncs.factories import make_sync
from tests.portal.syncs.memory_jobs import MemoryJobs
from tieout.portal.health import beats
from tieout.portal.sources.models import Source

__all__ = ["_process_goes_on", "memory_jobs"]


@pytest.fixture
def monitor(db: None) -> Client:
    return Client(HTTP_HOST="127.0.0.1:8000")


def test_a_process_that_lives_says_so_under_any_host(monitor: Client) -> None:
    answer = monitor.get("/healthz", HTTP_HOST="10.1.2.3")
    assert (answer.content, answer["Content-Type"]) == (b"ok\n", "text/plain; charset=utf-8")
    assert monitor.post("/healthz").status_code == 405


def test_ready_while_stores_are_open_and_the_clock_comes_round(
    monitor: Client, memory_jobs: MemoryJobs, settings: Settings
) -> None:
    beats.beat()
    answer = monitor.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"]
    settings.TIEOUT = replace(settings.TIEOUT, disk_percent=0)
    full = monitor.get("/readyz")
    assert full.status_code == 503
    assert full.json()["checks"]["disk"] is False


def test_not_ready_without_jobs(monitor: Client) -> None:
    assert monitor.get("/readyz").json()["checks"]["jobs"] is False


def test_figures_are_readable_and_name_no_company(monitor: Client, source: Source) -> None:
    make_sync(source, requests=41, throttled=2)
    text = monitor.get("/metrics").content.decode()
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert told["tieout_requests_total",] == 41
    assert told["tieout_requests_refused_total",] == 2
    assert told["tieout_syncs_total", "succeeded"] == 1
    assert told["tieout_syncs_total", "failed"] == 0
    assert told["tieout_verdicts", "proved"] == 1
    assert told["tieout_sources", "healthy"] == 1
    assert 0 <= told["tieout_oldest_data_seconds",] < 60
    for name in (source.name, source.organisation_number, source.workspace.name, str(source.pk)):
        assert name not in text


def test_figures_are_for_this_machine_or_for_who_has_the_token(monitor: Client, settings: Settings) -> None:
    def status(**told: Any) -> int:
        return monitor.get("/metrics", **told).status_code

    assert status() == 200
    assert status(REMOTE_ADDR="203.0.113.9") == 404
    assert status(HTTP_X_FORWARDED_FOR="203.0.113.9") == 404
    assert status(HTTP_HOST="books.example.com") == 404
    assert status(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer ") == 404, "no token is set"
    settings.TIEOUT = replace(settings.TIEOUT, metrics_token="a fixture's token")
    assert status(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer a fixture's token") == 200
    assert status(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer another") == 404
