"""What may be asked: one SELECT over the workspace's own tables. The walls are in `child.py`; this says where it is not so."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # its warnings repeat what somebody wrote
LONGEST = 20_000  # characters
SCHEMAS = ("core", "marts", "staging", "tieout")  # and those of a connector: raw_*, staging_*
OF_CONNECTORS = ("raw_", "staging_")
TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "generateseries"}
# What tells of the machine or runs other SQL. None reaches a file, since the process has no way there.
CLOSED = {"getvariable", "getenv", "current_setting", "query", "query_table", "glob"}
CLOSED_BEGINNINGS = ("read_", "duckdb_", "pragma_", "parquet_", "sniff_", "which_secret", "sqlite_", "pg_", "write_")
CHANGING = (exp.DML, exp.DDL, exp.Into, exp.Command, exp.Copy, exp.Pragma, exp.Set, exp.Attach, exp.Detach)


@dataclass
class RefusedError(Exception):
    """A statement that is not asked. `why`: empty, long, syntax, several, not_select, changes, function or table.

    `line` and `column` count from 1; 0 where the whole is meant. `what` is the word that is in the way.
    """

    why: str
    what: str = ""
    line: int = 0
    column: int = 0


def one_select(sql: str) -> str:
    """The statement without what may stand around it. Raises RefusedError unless it is one SELECT of our tables."""
    _check(_parsed(sql))
    begin, is_begun = 0, False
    for token in sqlglot.tokenize(sql, dialect="duckdb"):
        if token.token_type != sqlglot.TokenType.SEMICOLON:
            is_begun = True
        elif is_begun:
            return sql[begin : token.start]
        else:
            begin = token.end + 1
    return sql[begin:]


def _check(statement: exp.Expr) -> None:
    names = {one.alias_or_name.lower() for one in statement.find_all(exp.CTE)}
    for node in statement.walk():
        if isinstance(node, CHANGING):
            raise RefusedError("changes", node.key.upper(), *_place(node))
        if isinstance(node, exp.Func):
            _check_function(node)
        if isinstance(node, exp.Table):
            _check_table(node, names)


def _parsed(sql: str) -> exp.Expr:
    if not sql.strip():
        raise RefusedError("empty")
    if len(sql) > LONGEST:
        raise RefusedError("long")
    try:
        found = [one for one in sqlglot.parse(sql, dialect="duckdb") if one and not isinstance(one, exp.Semicolon)]
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        word, column = str(first.get("highlight") or ""), int(first.get("col") or 0)  # the column of its last letter
        raise RefusedError(
            "syntax", word, int(first.get("line") or 0), max(1, column - max(len(word) - 1, 0)) if column else 0
        ) from error
    except (TokenError, RecursionError) as error:
        raise RefusedError("syntax") from error
    if not found:
        raise RefusedError("empty")
    if len(found) > 1:
        raise RefusedError("several", "", *_place(found[1]))
    if not isinstance(found[0], exp.Query | exp.Values):
        raise RefusedError("not_select", (sql.split() or [""])[0].upper()[:20])
    return found[0]


def _check_function(node: exp.Func) -> None:
    for name in _names(node):
        if name in CLOSED or name.startswith(CLOSED_BEGINNINGS):
            raise RefusedError("function", name, *_place(node))


def _check_table(node: exp.Table, names: set[str]) -> None:
    schema, name = node.db.lower(), node.name.lower()
    if isinstance(node.this, exp.Func):
        if schema not in SCHEMAS and not set(_names(node.this)) & TABLE_FUNCTIONS:
            raise RefusedError("function", _names(node.this)[0], *_place(node.this))
    elif node.catalog or not (_is_shown(schema) or (not schema and name in names)):
        raise RefusedError("table", node.sql("duckdb")[:80], *_place(node))


def _is_shown(schema: str) -> bool:
    return schema in SCHEMAS or schema.startswith(OF_CONNECTORS)


def _names(node: exp.Func) -> list[str]:
    """What a function may be called: by its own name as it stands, and by the parser's."""
    return [one.lower() for one in (node.name if isinstance(node, exp.Anonymous) else "", *node.sql_names()) if one]


def _place(node: exp.Expr) -> tuple[int, int]:
    """Where the first word of a node with a known place stands: line, and column of its first letter."""
    meta = next(_metas(node), None)
    if meta is None:
        return 0, 0
    return int(meta["line"]), int(meta["col"]) - (int(meta["end"]) - int(meta["start"]))


def _metas(node: exp.Expr) -> Iterator[dict[str, int]]:
    for one in node.walk(bfs=False):
        if "line" in one.meta:
            yield one.meta
