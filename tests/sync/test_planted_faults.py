"""One fault of each kind, planted into stored rows: found, named to the øre, mended, and told in the history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.planted_faults import FAULTS, Planting, plant, planting
from tieout.warehouse.incidents import IncidentState


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planting]:
    with planting(tmp_path_factory.mktemp("planted"), seed=3) as synced:
        yield synced


@pytest.mark.parametrize("kind", FAULTS)
def test_a_planted_fault_is_found_named_to_the_ore_and_mended(at: Planting, kind: str) -> None:
    told = plant(at, kind)
    assert (told.found, told.localised, told.to_the_voucher, told.exact, told.healed) == (True,) * 5, told


def test_what_was_mended_stays_in_the_history(at: Planting) -> None:
    plant(at, "lost_voucher")
    newest = at.store.incidents(limit=1)[0]
    assert newest.state is IncidentState.MENDED
    assert newest.proved_at is not None
    assert all(finding.is_mended for finding in newest.findings)
    status = at.store.data_status()
    assert status is not None
    assert (status.verdict, status.reason) == ("proved", None)
