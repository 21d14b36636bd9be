"""One model: a view (or a function that gives a table) with what it and each of its columns means, read from a .sql file.

The head of a file is comment: what the table is, an empty line, then `column: what it holds` where `words.toml` does not
say it already. `parameters: a, b` among them makes it a function. Some tables are short lists, kept as .csv.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

_NAMED = re.compile(r"(?P<name>[a-z][a-z0-9_]*): (?P<text>.*)")
_REFERENCE = re.compile(r"\b(?P<schema>core|marts|staging)\.(?P<name>[a-z][a-z0-9_]*)")
PARAMETERS = "parameters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """`schema.name`, or `schema.name(parameters)`. `told` are the descriptions that the file itself gives."""

    schema: str
    name: str
    sql: str
    description: str
    told: Mapping[str, str]
    parameters: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, bool]:
        """A view and a function may share a name: the view is the function at a usual date."""
        return self.schema, self.name, bool(self.parameters)

    @property
    def is_list(self) -> bool:
        """A short list of facts that belong to no company."""
        return self.sql.startswith("select * from (values")

    def needs(self) -> set[tuple[str, str, bool]]:
        """The models that its SQL names, functions by a bracket after the name."""
        return {
            (found["schema"], found["name"], self.sql[found.end() : found.end() + 1] == "(")
            for found in _REFERENCE.finditer(self.sql)
        }


def read_folder(folder: Traversable, *, schema: str) -> Iterator[Model]:
    """Every model of a folder, by name."""
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        stem, _, suffix = file.name.rpartition(".")
        if suffix == "sql":
            yield _from_sql(schema, stem.removesuffix("_on_date"), file.read_text(encoding="utf-8"))
        elif suffix == "csv":
            yield _from_csv(schema, stem, file.read_text(encoding="utf-8"))


def _from_sql(schema: str, name: str, text: str) -> Model:
    lines = text.splitlines()
    head = lines[: _first_of_body(lines)]
    description, told = _head(line.removeprefix("--").removeprefix(" ") for line in head)
    parameters = tuple(one.strip() for one in told.pop(PARAMETERS, "").split(",") if one)
    return Model(
        schema=schema,
        name=name,
        sql="\n".join(lines[len(head) :]).strip(),
        description=description,
        told=told,
        parameters=parameters,
    )


def _first_of_body(lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))


def _from_csv(schema: str, name: str, text: str) -> Model:
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    description, told = _head(line.removeprefix("#").removeprefix(" ") for line in head)
    names, *rows = csv.reader(lines[len(head) :])
    values = ",\n    ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
    sql = f"select * from (values\n    {values}\n) as listed ({', '.join(names)})"
    return Model(schema=schema, name=name, sql=sql, description=description, told=told)


def _literal(value: str) -> str:
    if not value:
        return "null"
    return value if re.fullmatch(r"-?[1-9][0-9]*", value) else "'" + value.replace("'", "''") + "'"


def _head(lines: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The first paragraph, and `name: text` of the rest; indented lines go on with the one before."""
    description, told, last = list[str](), dict[str, str](), ""
    is_first = True
    for line in lines:
        if not line.strip():
            is_first = False
        elif is_first:
            description.append(line.strip())
        elif (found := _NAMED.fullmatch(line)) is not None:
            last = found["name"]
            told[last] = found["text"].strip()
        else:
            told[last] = f"{told[last]} {line.strip()}"
    return " ".join(description), told


@cache
def words() -> Mapping[str, str]:
    """What a column of that name means wherever it occurs."""
    from importlib.resources import files

    told: dict[str, str] = tomllib.loads(files("tieout.reports").joinpath("words.toml").read_text(encoding="utf-8"))
    return told
