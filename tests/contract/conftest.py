"""One suite for every warehouse: what is promised by `warehouse.base` is tested here, once, against each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.stores import Desk
from tieout.warehouse.duckdb import open_warehouse


@pytest.fixture(params=["duckdb"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A store of one source in a fresh warehouse of each kind, with pages made from Python values."""
    assert request.param == "duckdb"
    warehouse = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", published=tmp_path / "published")
    yield Desk(warehouse, tmp_path / "spool" / "source-1")
    warehouse.close()
