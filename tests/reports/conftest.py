"""Companies that the identities are held against: invented ones of several seeds, and real files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.books import Synced
from tests.simulators import running_simulator
from tieout import config

DATA = config.load().test_data
SEEDS = ("1", "2", "3")
FILES = ("sie/Test4.SE", "sie/sie_4.SE", "sie/typ4.se", "saft/example_1.30.xml")
NEEDED = {  # by the identities; the other streams would only take their time
    *("account_transactions", "general_ledger_accounts", "vat_codes", "sub_ledger_number_series"),
    *("financial_settings", "organization_settings", "vat_settings", "lock_date_settings"),
    *("customer_ledger_entries", "supplier_ledger_entries", "customers", "projects", "products", "departments"),
}


@pytest.fixture(scope="package", params=[*SEEDS, *FILES])
def synced(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    """Each company is synced once for all tests of this folder."""
    name, folder = str(request.param), tmp_path_factory.mktemp("synced")
    files: tuple[Path, ...] = () if name in SEEDS else (DATA / "data" / name,)
    if files and not files[0].exists():
        pytest.skip(f"no {files[0]}: set TIEOUT_TEST_DATA to the folder with the public files")
    seed = int(name) if name in SEEDS else 1
    with running_simulator(seed=seed, books=files, throttle=False, thread=True) as simulator:
        yield Synced(simulator, folder, only=NEEDED)


@pytest.fixture
def is_invented(request: pytest.FixtureRequest) -> bool:
    """Whether the company's vouchers were posted by rules that a real file need not follow."""
    return request.node.callspec.params["synced"] in SEEDS
