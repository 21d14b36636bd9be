"""Makes the reference pages from the code. `python -m docs.generate` writes them, `--check` says which are out of date."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import override

from docs.dbt_sources import sources
from tieout import config
from tieout.cli import parser
from tieout.connectors.base import Connector
from tieout.connectors.registry import connectors
from tieout.portal.bootstrap import start_django
from tieout.reports import Table, tables

REFERENCE = Path(__file__).parent / "reference"
WIDTH = 100


def commands() -> str:
    """Every command's own help."""
    parts = [
        "# Commands",
        "",
        "Made from the program (`make docs`). What scripts may rely on stands in [scripting.md](scripting.md).",
    ]
    for words, command in _walk("tieout", parser()):
        parts += ["", f"## {words}", "", "```", _help(command), "```"]
    return "\n".join(parts) + "\n"


def _walk(words: str, command: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield words, command
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from _walk(f"{words} {name}", below)


def _help(command: argparse.ArgumentParser) -> str:
    # One width everywhere, whatever terminal this runs in.
    command.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=WIDTH)
    return command.format_help().strip()


def _connectors() -> dict[str, Connector]:
    return connectors(config.load({"TIEOUT_HOME": "/nowhere"}))


def streams() -> str:
    """Every stream with its columns, as the warehouse has them."""
    parts = [
        "# Streams and columns",
        "",
        "Made from the connectors (`make docs`). `money` is DECIMAL(18,4), `number` DECIMAL(28,10), `timestamp` is in UTC.",
    ]
    for connector in _connectors().values():
        parts += ["", f"## {connector.title}: `raw_{connector.name}`"]
        for stream in connector.streams:
            columns = ", ".join(f"`{column.name}` {column.kind.value}" for column in stream.columns)
            key = ", ".join(f"`{name}`" for name in stream.primary_key)
            graded = stream.grade.value.replace("_", " ")
            parts += [
                "",
                f"### {stream.name}",
                "",
                f"Key {key}; kept fresh: {stream.how.value}; asked: {stream.rhythm.value}; tie-out: {graded}.",
                "",
                columns,
            ]
    return "\n".join(parts) + "\n"


def models() -> str:
    """Every table and column of the models."""
    parts = [
        "# Models",
        "",
        "Made from the models (`make docs`). How to read them: [the models](../explanation/models.md).",
    ]
    for table in _tables():
        rows = [f"| `{one.name}` | {one.type.lower()} | {one.description} |" for one in table.columns]
        parts += [
            "",
            f"## {table.title}",
            "",
            table.description,
            "",
            "| column | type | what it holds |",
            "| --- | --- | --- |",
        ]
        parts += rows
    return "\n".join(parts) + "\n"


def _tables() -> tuple[Table, ...]:
    return tables({name: connector.streams for name, connector in _connectors().items()})


def dbt_sources() -> str:
    """The sources of the dbt package."""
    return sources(_tables())


def description() -> dict[str, Any]:
    """The REST API as it describes itself (OpenAPI 3.1)."""
    start_django(config.load({"TIEOUT_HOME": "/nowhere"}))
    from tieout.portal.api.interface import api

    with override("en"):
        described: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return described


def openapi() -> str:
    """The description, for generators of clients."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def api() -> str:
    """How to call the API, and every operation of it."""
    rows = [
        f"| `{method.upper()} {path.removeprefix('/api/v1')}` | {operation['summary']} |"
        for path, operations in description()["paths"].items()
        for method, operation in operations.items()
    ]
    return "\n".join([API.strip(), "", "| request | what it does |", "| --- | --- |", *rows]) + "\n"


API = """
# REST API

Made from the program (`make docs`). Everything below lies under `/api/v1`; [openapi.json](openapi.json) has all
shapes, and a running server gives its own at `/api/v1/openapi.json`.
[Page by page](pages-and-requests.md) it says which request does what a page does.

```
curl -H "Authorization: Bearer $TOKEN" https://YOUR-HOST/api/v1/sources
```

- **Tokens** are made on the page *Feeds*: to read, or to change what their person may change. They see the companies
  that both the person and the token are open to. A browser's session opens nothing here.
- **Lists** come in pages: `limit`, and `next` of one page as `cursor` of the following one. Nothing is lost or
  doubled while rows come and go.
- **Idempotency-Key**: a POST that is sent again with the same key within 24 hours is not done again; the first answer
  is given, with `Idempotency-Replayed: true`.
- **Errors** are problem+json (RFC 9457): `type` and `who_must_act` (caller, owner, company, operator, tieout, nobody)
  are for programs, `detail` is for people. An unknown field or parameter is refused, never passed over.
- **Limits**: `RateLimit` and `RateLimit-Policy` say what is left; 429 says in `Retry-After` how long to wait.
- **Amounts** are text with their decimals, debit positive; times are ISO in UTC; names are those of the command
  line's JSON ([scripting.md](scripting.md)).
"""

PAGES = {
    "commands.md": commands,
    "streams.md": streams,
    "models.md": models,
    "api.md": api,
    "openapi.json": openapi,
    "../../dbt/models/sources.yml": dbt_sources,
}


def main() -> int:
    """Write the pages; with --check write nothing and tell which differ."""
    stale = [name for name, make in PAGES.items() if not _is_fresh(REFERENCE / name, make())]
    if "--check" in sys.argv:
        sys.stdout.writelines(f"{(REFERENCE / name).resolve().name} is out of date: run make docs\n" for name in stale)
        return bool(stale)
    for name in stale:
        (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


def _is_fresh(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
