from __future__ import annotations

from threading import Event

import pytest
from pytest_django import Settings

from tieout.portal.approvals.views.patience import wait_for


def test_what_is_quick_is_done_when_the_wait_ends(settings: Settings) -> None:
    settings.APPROVAL_PATIENCE = 30
    done = Event()
    wait_for(done.set)
    assert done.is_set()


def test_what_takes_long_goes_on_after_the_wait(settings: Settings) -> None:
    settings.APPROVAL_PATIENCE = 0.01
    may_end, ended = Event(), Event()

    def act() -> None:
        may_end.wait(30)
        ended.set()

    wait_for(act)
    assert not ended.is_set()
    may_end.set()
    assert ended.wait(30)


def test_an_error_in_time_is_raised(settings: Settings) -> None:
    settings.APPROVAL_PATIENCE = 30

    def act() -> None:
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="a fault of ours"):
        wait_for(act)
