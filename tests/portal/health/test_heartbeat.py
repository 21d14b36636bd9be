"""The heartbeat: asked after each round, silent about its address."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from pytest_django import Settings

from tieout.config import SettingsError, load
from tieout.portal.health import heartbeat


def test_without_an_address_nothing_is_asked() -> None:
    assert not heartbeat.send()


def test_one_that_is_not_heard_is_a_warning_without_the_address(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, heartbeat_url="http://127.0.0.1:9/s3cr3t")
    with caplog.at_level(logging.WARNING):
        assert not heartbeat.send()
    assert "s3cr3t" not in caplog.text


def test_plain_http_to_elsewhere_is_refused_without_repeating_it() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"TIEOUT_HEARTBEAT_URL": "http://example.com/s3cr3t"})
    assert "s3cr3t" not in str(refused.value)
