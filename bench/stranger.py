"""Whether a client of OData that nobody here wrote can read the whole feed: `python -m bench.stranger [POSTINGS]`.

python-odata, in an environment of its own, reads $metadata and every row of every table, with filters, orders, $top, $skip
and counts. Prints one JSON object: tables, rows, seconds, and the tables whose rows are not what the warehouse holds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import environments
from bench.pages import _give, _portal
from bench.reports import fill

PROGRAM = Path(__file__).parent / "contenders" / "python_odata.py"
NO_VIEW = "data_status"  # lies in another schema than its name says
PAGE_ROWS = 2_000
Rows = list[dict[str, str | None]]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(measured(Path(name), rows), indent=1))


def measured(home: Path, rows: int) -> dict[str, Any]:
    """What the client got, beside what it should have got."""
    _, source = _portal(home)
    fill(home / "filled", rows)
    _give(home / "filled" / "w.duckdb", home / "warehouse" / f"{source.workspace.slug}.duckdb", str(source.pk))
    from django.conf import settings
    from waitress.server import create_server

    from tieout.portal.feeds.actions import make_token
    from tieout.portal.people.models import Person
    from tieout.portal.syncs import warehouses
    from tieout.portal.wsgi import application

    _, secret = make_token(source.workspace, Person.objects.get(), name="Bench", days=1)
    server = create_server(application, host="127.0.0.1", port=0)
    settings.PUBLIC_URL = f"http://127.0.0.1:{server.effective_port}"
    threading.Thread(target=server.run, daemon=True).start()
    began = time.monotonic()
    told = read(f"{settings.PUBLIC_URL}/odata/v4/{source.workspace.slug}/", secret, PAGE_ROWS)
    took = time.monotonic() - began
    held = truth(source.workspace, told["rows"])
    wrong = [name for name in held if differs(told["rows"][name], held[name])]
    server.close()
    warehouses.close_all()
    return {
        "tables": len(told["tables"]),
        "rows": sum(len(one) for one in told["rows"].values()),
        "wrong": wrong + [name for name, count in told["counts"].items() if count != len(told["rows"][name])],
        "filters": {name: len(found) for name, found in told["filters"].items()},
        "seconds": round(took, 1),
    }


def read(root: str, token: str, page_rows: int, tables: Sequence[str] = ()) -> dict[str, Any]:
    """What the client says it read. Raises CannotInstallError, CalledProcessError."""
    words = [environments.program("python_odata"), str(PROGRAM), root, token, str(page_rows), *tables]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=600, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def truth(workspace: Any, tables: Iterable[str]) -> dict[str, Rows]:
    """The rows of each table as text, straight from the warehouse."""
    from tieout.portal.syncs import warehouses

    found = {}
    with warehouses.opened(workspace) as warehouse, warehouse.connection() as connection:
        for name in sorted(set(tables) - {NO_VIEW}):
            schema, _, table = name.partition("_")
            answer = connection.execute(f'select * from {schema}."{table}"')
            columns = [column[0] for column in answer.description]
            rows = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
            found[name] = [{key: None if one is None else str(one) for key, one in row.items()} for row in rows]
    return found


def differs(one: Rows, other: Rows) -> bool:
    """Whether two answers hold other rows, in whatever order."""
    return sorted(json.dumps(row, sort_keys=True) for row in one) != sorted(
        json.dumps(row, sort_keys=True) for row in other
    )


if __name__ == "__main__":
    main()
