"""The dbt package against a synced company: `python -m tests.dbt_package [SEED]`.

dbt runs in an environment of its own (`bench/peers/dbt.txt`): `dbt build`, which asks every test, and `dbt docs generate`.
Then again with one posting doubled and one øre moved in the copy, which must be found. Prints one JSON object; ends with 1
where a test fails that should not, or the other way round.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from bench import environments
from tests.reports.books import Synced
from tests.simulators import running_simulator
from tieout import config
from tieout.connectors.registry import connectors

PACKAGE = Path(__file__).parent.parent / "dbt"
MUST_BE_FOUND = ("unique_together_tieout_core_postings", "vouchers_sum_to_zero", "assets_are_equity_and_debt")


def main() -> int:
    """Sync, build, document; 1 where a test fails."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    streams = connectors(config.load({"TIEOUT_HOME": "/nowhere"}))["poweroffice"].streams
    with (
        tempfile.TemporaryDirectory() as name,
        running_simulator(seed=seed, throttle=False, thread=True) as simulator,
    ):
        folder = Path(name)
        synced = Synced(simulator, folder, only=[stream.name for stream in streams], published=True)
        postings = synced.one("select count(*) from core.postings")
        synced.warehouse.close()
        told = built(folder / "published", folder / "dbt")
        spoil(folder / "published" / "current" / "raw_poweroffice" / "account_transactions" / "a.parquet")
        found = built(folder / "published", folder / "spoilt")["failed"]
    print(json.dumps({"seed": seed, "postings": postings, **told, "found_when_spoilt": found}, indent=1))  # noqa: T201
    return 1 if told["failed"] or not all(any(name in one for one in found) for name in MUST_BE_FOUND) else 0


def spoil(rows: Path) -> None:
    """Double the first posting, and move the last by an øre."""
    with duckdb.connect() as connection:
        connection.execute(f"create table was as from '{rows}'")
        connection.execute("insert into was from was where id = (select min(id) from was)")
        connection.execute("update was set amount = amount + 0.01 where id = (select max(id) from was)")
        rows.unlink()  # the copy before has a link to it
        connection.execute(f"copy was to '{rows}' (format parquet)")


def built(published: Path, work: Path) -> dict[str, Any]:
    """What dbt says of a published copy: tests by outcome, those that failed, and what its documentation holds."""
    shutil.copytree(PACKAGE, work, ignore=shutil.ignore_patterns("target", "logs"))
    began = time.monotonic()
    _dbt("build", published, work)
    took = time.monotonic() - began
    results = json.loads((work / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    _dbt("docs", published, work, "generate")
    catalog = json.loads((work / "target" / "catalog.json").read_text(encoding="utf-8"))
    manifest = json.loads((work / "target" / "manifest.json").read_text(encoding="utf-8"))
    columns = [column for one in manifest["sources"].values() for column in one["columns"].values()]
    return {
        "tests": dict(Counter(one["status"] for one in results)),
        "failed": [one["unique_id"] for one in results if one["status"] in ("fail", "error")],
        "told": [f"{one['unique_id']}: {one['message']}" for one in results if one["status"] != "pass"],
        "build_seconds": round(took, 1),
        "sources": len(manifest["sources"]),
        "sources_found": len(catalog["sources"]),
        "columns": len(columns),
        "columns_described": sum(bool(column["description"]) for column in columns),
    }


def _dbt(command: str, published: Path, work: Path, *more: str) -> None:
    """Run dbt. A test that fails is told in its results, so its exit code alone says nothing."""
    path = Path(environments.program("dbt", "dbt"))
    words = [str(path), command, *more, "--project-dir", str(work), "--profiles-dir", str(work), "--no-use-colors"]
    variables = {
        "TIEOUT_PUBLISHED": str(published),
        "TIEOUT_DBT_FILE": str(work / "analysis.duckdb"),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(words, env=variables, cwd=work, stdout=subprocess.PIPE, text=True, timeout=900)
    sys.stderr.write(done.stdout[-3000:])
    assert done.returncode in (0, 1), done.stdout


if __name__ == "__main__":
    sys.exit(main())
