"""Make an installation as a release left it in mid-sync: older.py HOME RELEASE. One toy company, its first sync cut off."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from tieout.config import load
from tieout.portal.encryption import make_key_file
from tieout.portal.home import hold_home
from tieout.warehouse.duckdb.file import steps

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HERE = Path(__file__).parent


def main() -> None:
    home, release = Path(sys.argv[1]), sys.argv[2]
    stood: dict[str, Any] = json.loads((HERE / f"{release}.json").read_text(encoding="utf-8"))
    settings = load({"TIEOUT_HOME": str(home)})
    with hold_home(settings):
        make_key_file(settings.secret_key_file)
        source = _portal(settings, stood["migrations"])
        _warehouse(home / "warehouse" / "fixture.duckdb", stood["warehouse"], source)


def _portal(settings: Any, stood: dict[str, str]) -> str:
    """app.db with the tables of that release, filled by its own models; gives the company's id."""
    from tieout.portal.bootstrap import start_django

    start_django(settings)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    third_party = [node for node in executor.loader.graph.leaf_nodes() if not _is_ours(node[0])]
    targets = [*third_party, *stood.items()]
    executor.migrate(targets)
    models = executor.loader.project_state(targets).apps
    workspace = models.get_model("workspaces", "Workspace").objects.create(name="Fixture", slug="fixture")
    source = models.get_model("sources", "Source").objects.create(
        workspace=workspace,
        connector="toy",
        name="Toy Company",
        company_name="Toy Company",
        organisation_number="999999999",
        approval_state="approved",
        approved_at=AT,
    )
    models.get_model("sources", "Credentials").objects.create(
        source=source, client_key=_encrypted(settings, source), received_at=AT
    )
    models.get_model("syncs", "Sync").objects.create(
        source=source, slot="first:then", reason="first", state="running", requested_at=AT, started_at=AT
    )
    return str(source.pk)


def _is_ours(label: str) -> bool:
    from django.apps import apps

    return apps.get_app_config(label).name.startswith("tieout.portal.")


def _encrypted(settings: Any, source: Any) -> str:
    from tests.toy import KEY
    from tieout.connectors.base import Secret
    from tieout.portal.encryption import Place, read_key_ring

    place = Place(workspace=str(source.workspace_id), owner=str(source.pk), field="client_key")
    return read_key_ring(settings.secret_key_file).encrypt(Secret(KEY), place)


def _warehouse(path: Path, version: int, source: str) -> None:
    """A file with the first steps taken, and a sync in it that nobody finished."""
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        for number, sql in steps():
            if number <= version:
                connection.execute(sql)
                connection.execute("insert into tieout.schema_version values (?, now())", [number])
        connection.execute("insert into tieout.sources values (?, 'toy', 'Toy Company', '999999999')", [source])
        connection.execute("update tieout.numbers set last = 1 where name = 'sync'")
        connection.execute(
            "insert into tieout.syncs (id, source_id, kind, started_at) values (1, ?, 'sync', ?)", [source, AT]
        )


if __name__ == "__main__":
    main()
