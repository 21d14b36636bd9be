"""Each night what is too old goes, and nothing that a page still shows."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.portal.syncs.factories import NOW, make_sync, make_tie_out, tell
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Event, Sync, SyncState
from tieout.portal.upkeep import retention
from tieout.portal.upkeep.retention import forget_what_is_old

YEARS = timedelta(days=6 * 366)


def test_what_syncs_told_goes_after_thirty_days_and_their_verdicts_stay(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP_ROWS", 2)
    old, young = make_tie_out(source, at=NOW - timedelta(days=31)), make_sync(source, at=NOW - timedelta(days=29))
    for sync in (old, young):
        for stream in ("customers", "projects", "products"):
            tell(sync, "stream_finished", stream=stream)
    assert forget_what_is_old(now=NOW)["events"] == 3
    assert list(old.events.values_list("code", flat=True)) == ["tie_out"]
    assert young.events.count() == 3


def test_syncs_go_after_five_years_but_the_first_the_last_and_the_proved_one(source: Source) -> None:
    ages = [make_tie_out(source, at=NOW - YEARS + timedelta(days=day)) for day in range(3)]
    ages.append(make_sync(source, at=NOW - YEARS + timedelta(days=4)))
    ages.append(make_sync(source, at=NOW - YEARS + timedelta(days=5), state=SyncState.FAILED))
    assert forget_what_is_old(now=NOW)["syncs of pages"] == 1
    assert set(Sync.objects.filter(source=source)) == {ages[0], ages[2], ages[3], ages[4]}
    assert Event.objects.filter(sync=ages[2], code="tie_out").exists()


def test_settings_say_how_long(source: Source, settings: Settings) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, log_days=3)
    tell(make_sync(source, at=NOW - timedelta(days=4)), "stream_finished")
    assert forget_what_is_old(now=NOW)["events"] == 1


def test_pages_that_were_kept_as_evidence_go_after_their_days(source: Source, home: Path, settings: Settings) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, spool_days=30)
    kept = home / "spool" / "fixture" / str(source.pk) / "kept"
    for name, days in (("old", 31), ("young", 29)):
        (kept / name).mkdir(parents=True)
        moment = (kept / name).stat().st_mtime - days * 86_400
        os.utime(kept / name, (moment, moment))
    assert forget_what_is_old(now=NOW)["spooled questions"] == 1
    assert [path.name for path in kept.iterdir()] == ["young"]


def test_what_went_is_told(source: Source, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("tieout"), "propagate", True)
    tell(make_sync(source, at=NOW - timedelta(days=40)), "stream_finished")
    with caplog.at_level(logging.INFO, logger="tieout"):
        forget_what_is_old(now=NOW)
    assert "Old things taken away: 1 events." in caplog.text
