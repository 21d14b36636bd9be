"""Makes the reference pages from the code. `python -m docs.generate` writes them, `--check` says which are out of date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tieout import config
from tieout.cli import parser
from tieout.connectors.base import Connector
from tieout.connectors.registry import connectors
from tieout.reports import tables

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
    for table in tables({name: connector.streams for name, connector in _connectors().items()}):
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


PAGES = {"commands.md": commands, "streams.md": streams, "models.md": models}


def main() -> int:
    """Write the pages; with --check write nothing and tell which differ."""
    stale = [name for name, make in PAGES.items() if not _is_fresh(REFERENCE / name, make())]
    if "--check" in sys.argv:
        sys.stdout.writelines(f"docs/reference/{name} is out of date: run make docs\n" for name in stale)
        return bool(stale)
    for name in stale:
        (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


def _is_fresh(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
