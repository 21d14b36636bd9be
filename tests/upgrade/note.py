"""Note how far the stores have come, at each release: `python -m tests.upgrade.note v1.2.3` writes v1.2.3.json here."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tieout.config import load
from tieout.portal.home import hold_home, prepare
from tieout.portal.upkeep.versions import known_jobs_version, latest_migrations
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.duckdb.file import version_of

HERE = Path(__file__).parent


def main() -> None:
    """Make empty stores with the program as it is, and write down their versions."""
    (release,) = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        settings = load({"TIEOUT_HOME": folder})
        with hold_home(settings):
            prepare(settings)
        warehouse = open_warehouse(Path(folder) / "w.duckdb", spool=Path(folder) / "spool")
        with warehouse.connection() as connection:
            stores = {"warehouse": version_of(connection), "jobs": known_jobs_version()}
        warehouse.close()
        told = {"migrations": latest_migrations(settings.home / "app.db"), **stores}
    (HERE / f"{release}.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
