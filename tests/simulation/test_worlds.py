"""Three seeds of two months each; `make seeds N=200` plays many."""

from __future__ import annotations

import pytest

from tests.simulation.world import play

SEEDS = (1, 2, 3)  # each with another way of correcting vouchers in place


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_the_copy_ends_as_the_books_are(seed: int) -> None:
    report = play(seed).report
    assert report.syncs > 10
