"""Asking a workspace's models: SQL in files, each with a name, its values as named parameters only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace

Row: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[..., list[Row]]
_PARAMETER = re.compile(r"\$([a-z_]+)")


@contextmanager
def asking(workspace: Workspace) -> Iterator[Ask | None]:
    """`ask(name, **values)`, one connection for all of a page; None before there are models. Raises BusyError."""
    if not warehouses.exists(workspace):
        yield None
        return
    with warehouses.opened(workspace) as warehouse, warehouse.connection() as connection:

        def ask(name: str, **values: Any) -> list[Row]:
            sql, wanted = _sql(name)
            # Two questions of one name may need different values: only those that the SQL names are given.
            answer = connection.execute(sql, {key: values[key] for key in wanted})
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        yield ask if ask("models") else None


@cache
def _sql(name: str) -> tuple[str, frozenset[str]]:
    text = resources.files("tieout.portal.reports").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return text, frozenset(_PARAMETER.findall(text))
