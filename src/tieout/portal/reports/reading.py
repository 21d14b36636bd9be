"""Asking a workspace's models: SQL in files, each with a name, its values as named parameters only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from tieout import reports
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.snapshot import as_it_was

Row: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[..., list[Row]]
_PARAMETER = re.compile(r"\$([a-z_]+)")


@contextmanager
def asking(workspace: Workspace, as_of: int | None = None) -> Iterator[Ask | None]:
    """`ask(name, **values)`, one connection for all of a page; None before there are models. Raises BusyError.

    `as_of` is the number of a sync: everything is asked as it was when that had ended.
    """
    if not warehouses.exists(workspace):
        yield None
        return
    with warehouses.opened(workspace) as warehouse, warehouse.connection() as connection, ExitStack() as then:

        def ask(name: str, **values: Any) -> list[Row]:
            sql, wanted = _sql(name)
            # Two questions of one name may need different values: only those that the SQL names are given.
            answer = connection.execute(sql, {key: values[key] for key in wanted})
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        has_models = bool(ask("models"))
        if has_models and as_of is not None:
            then.enter_context(as_it_was(connection, as_of, views_of=reports.views, asked=_all_sql()))
        yield ask if has_models else None


@cache
def _all_sql() -> str:
    """What any page may ask: it names the views that are made of a moment that has passed."""
    folder = resources.files("tieout.portal.reports").joinpath("sql")
    return "\n".join(file.read_text(encoding="utf-8") for file in folder.iterdir())


@cache
def _sql(name: str) -> tuple[str, frozenset[str]]:
    text = resources.files("tieout.portal.reports").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return text, frozenset(_PARAMETER.findall(text))
