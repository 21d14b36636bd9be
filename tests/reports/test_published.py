"""The models beside a running server and without one: `tieout query` finds the same figures."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.reports.books import HandMade

QUERY = "select account, closing, verdict from marts.trial_balance where month = '2026-02-01' and account_no = 1920"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A warehouse that nobody has open, and its published copy."""
    made = HandMade(tmp_path / "made")
    made.chart({1920: ("Bank", "Asset"), 3000: ("Salg", "Income")})
    made.voucher(date(2026, 1, 5), (1920, "10"), (3000, "-10"))
    with made.warehouse.connection() as connection:
        connection.execute("update tieout.streams set touched = touched + 1")
    made.warehouse.source("a", connector="poweroffice").publish()
    made.warehouse.close()
    return tmp_path / "made"


def asked(path: Path) -> str:
    program = (
        f"import duckdb; c = duckdb.connect({str(path)!r}, read_only=True); print(c.execute({QUERY!r}).fetchall())"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd="/").stdout


def test_another_process_finds_the_same_figures_in_the_file_and_in_the_published_copy(folder: Path) -> None:
    told = "[('1920 Bank', Decimal('10.0000'), 'proved')]\n"
    assert asked(folder / "w.duckdb") == told
    assert asked(folder / "published" / "published.duckdb") == told
