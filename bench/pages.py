"""How long the portal's report pages take, whole: queries, planning and template, as a signed-in person asks them.

`python -m bench.pages [ROWS]` prints one JSON object: milliseconds (best of three, wall clock and processor) by page
beside the bar of 200 ms, or of 300 ms from 20 million postings on. One company, invented
postings over five years (`bench.reports`).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.reports import fill
from tieout import config

ROUNDS = 3
YEAR = 2025
QUERY = {"year": YEAR, "part": "year"}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        taken = measured(Path(name), rows)
    bar = 200 if rows < 20_000_000 else 300
    print(
        json.dumps(
            {"rows": rows, "bar_ms": bar, "pages": taken, "over": [k for k, v in taken.items() if v["ms"] > bar]},
            indent=1,
        )
    )


def measured(home: Path, rows: int) -> dict[str, dict[str, int]]:
    """Every page of the reports, in a portal of its own."""
    browser, source = _portal(home)
    slug = source.workspace.slug
    fill(home / "filled", rows)
    _give(home / "filled" / "w.duckdb", home / "warehouse" / f"{slug}.duckdb", str(source.pk))
    from tieout.portal.reports.catalog import REPORTS
    from tieout.portal.syncs import warehouses

    pages = {name: (f"/reports/{name}/", QUERY) for name in REPORTS}
    span = {"since": f"{YEAR}-01-01", "until": f"{YEAR}-12-31"}
    pages["postings of an account"] = ("/reports/postings/", span | {"account": 1920})
    pages["postings of a line"] = ("/reports/postings/", span | {"line": "sales_revenue"})
    taken = {name: _best(browser, path, query) for name, (path, query) in pages.items()}
    warehouses.close_all()
    return taken


def _portal(home: Path) -> tuple[Any, Any]:
    """A migrated portal with a workspace, a data source and a signed-in reader."""
    from tieout.portal.bootstrap import start_django

    loaded = config.load({"TIEOUT_HOME": str(home)})
    start_django(replace(loaded, secret_key_file=home / "secret.key"))
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from tieout.connectors.base import Company, Secret
    from tieout.connectors.registry import connectors
    from tieout.portal.encryption import make_key_file
    from tieout.portal.people.models import Person
    from tieout.portal.sources.actions import create_source
    from tieout.portal.workspaces.actions import create_workspace, give_role
    from tieout.portal.workspaces.models import Role

    make_key_file(home / "secret.key")
    call_command("migrate", verbosity=0)
    settings.CONNECTORS = connectors(loaded)
    workspace = create_workspace("Bench")
    company = Company(name="Test AS", organisation_number="310000002")
    source = create_source(workspace, connector="poweroffice", company=company, client_key=Secret("bench"), by=None)
    person = Person.objects.create_person("reader@example.com", "a bench's long password", name="Test Reader")
    give_role(workspace, person, Role.READER)
    browser = Client(HTTP_HOST="127.0.0.1:8000")
    browser.force_login(person)
    return browser, source


def _give(made: Path, to: Path, source_id: str) -> None:
    """Move a filled warehouse to where the portal looks, its rows under the portal's own id."""
    import duckdb

    with duckdb.connect(str(made)) as connection:
        tables = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() join duckdb_tables() "
            "using (schema_name, table_name) where column_name in ('_source_id', 'source_id')"
        ).fetchall()
        for schema, table, column in tables:
            connection.execute(f'update "{schema}"."{table}" set "{column}" = ? where "{column}" = ?', [source_id, "a"])
    to.parent.mkdir(parents=True, exist_ok=True)
    made.rename(to)


def _best(browser: Any, path: str, query: dict[str, Any]) -> dict[str, int]:
    taken = []
    for _ in range(ROUNDS):
        began, processor = time.perf_counter(), time.process_time()
        answer = browser.get(path, query)
        taken.append((time.perf_counter() - began, time.process_time() - processor))
        assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
    walls, processors = zip(*taken, strict=True)
    return {"ms": round(min(walls) * 1000), "processor_ms": round(min(processors) * 1000)}


if __name__ == "__main__":
    main()
