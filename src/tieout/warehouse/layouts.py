"""Report lines that a workspace makes for itself: kept beside the books, so that views, feeds and copies read the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tieout.warehouse.publish import publish_planned

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection, DuckDBWarehouse

STATEMENTS = ("income_statement", "balance_sheet")
RESULT = (0, 0)  # the "accounts" of a balance sheet's line that takes results not appropriated yet
TABLES = ("report_layouts", "report_lines", "report_line_ranges")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One line. `sign` 1 shows debit as positive, -1 credit. A subtotal has `sums_from` and no accounts.

    `ranges` are pairs of account numbers, both included.
    """

    statement: str
    position: int
    name: str
    sign: int
    ranges: tuple[tuple[int, int], ...] = ()
    sums_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Lines by statement and position."""

    id: str
    name: str
    changed_at: datetime
    lines: tuple[OwnLine, ...] = ()


def layouts(warehouse: DuckDBWarehouse) -> list[Layout]:
    """Every layout of the workspace, by name, with its lines."""
    with warehouse.connection() as connection:
        found = connection.execute(
            "select layout_id, layout, changed_at from tieout.report_layouts order by lower(layout), layout_id"
        ).fetchall()
        return [Layout(id=id_, name=name, changed_at=at, lines=_lines(connection, id_)) for id_, name, at in found]


def _lines(connection: Connection, layout_id: str) -> tuple[OwnLine, ...]:
    ranges: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for statement, position, first, last in connection.execute(
        "select statement, position, first_account, last_account from tieout.report_line_ranges where layout_id = ? "
        "order by all",
        [layout_id],
    ).fetchall():
        ranges.setdefault((statement, position), []).append((first, last))
    found = connection.execute(
        "select statement, position, line_name, sign, sums_from from tieout.report_lines where layout_id = ? "
        "order by statement desc, position",
        [layout_id],
    ).fetchall()
    return tuple(
        OwnLine(
            statement=statement,
            position=position,
            name=name,
            sign=sign,
            sums_from=sums_from,
            ranges=tuple(ranges.get((statement, position), ())),
        )
        for statement, position, name, sign, sums_from in found
    )


def keep_layout(warehouse: DuckDBWarehouse, layout: Layout) -> None:
    """Put a layout in place of the one with its id, all of it or nothing, here and in the published copy."""
    with warehouse.writing() as connection:
        _drop(connection, layout.id)
        connection.execute(
            "insert into tieout.report_layouts values (?, ?, ?)", [layout.id, layout.name, layout.changed_at]
        )
        _insert(
            connection,
            "report_lines",
            [(layout.id, one.statement, one.position, one.name, one.sign, one.sums_from) for one in layout.lines],
        )
        _insert(
            connection,
            "report_line_ranges",
            [(layout.id, one.statement, one.position, *pair) for one in layout.lines for pair in one.ranges],
        )
    publish_planned(warehouse)


def drop_layout(warehouse: DuckDBWarehouse, layout_id: str) -> None:
    """Take a layout away, here and in the published copy."""
    with warehouse.writing() as connection:
        _drop(connection, layout_id)
    publish_planned(warehouse)


def _drop(connection: Connection, layout_id: str) -> None:
    for table in TABLES:
        connection.execute(f"delete from tieout.{table} where layout_id = ?", [layout_id])


def _insert(connection: Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into tieout.{table} values ({marks})", rows)
