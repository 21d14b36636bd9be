"""How pages become typed rows in a temporary table, in one of two ways.

Quickly: several large pages at once, proved by counting (`quick`). Carefully: one page, value by value, which also tells
what is wrong. The quick way stores nothing that the careful one would not; where it can't explain a page, the careful way
reads it again. Pages are read in a thread of its own, so that the next ones are fetched and counted meanwhile.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import duckdb

from tieout.catalog import Column, Kind, Page, Stream
from tieout.warehouse.base import DoesNotFitError
from tieout.warehouse.duckdb import casts, quick
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.marks import Marks, is_empty, marks_of
from tieout.warehouse.duckdb.personal import Aside
from tieout.warehouse.duckdb.quick import RECORD_BYTES
from tieout.warehouse.duckdb.straight import UNREADABLE, Straight
from tieout.warehouse.duckdb.tables import TYPES
from tieout.warehouse.sql import literal, quoted

LARGE_PAGE = 256 << 10  # bytes as spooled: below that planning the quick way costs more than it saves
OWN = ("null", "null", "0")  # _extra, _bad, _noise of what was read quickly
AT_ONCE = 64 << 20  # bytes of pages to wait for before they are read together


class Staging:
    """A stream's temporary view `staged` on one connection; `_part` and `_place` tell in which order its rows came.

    It lies over a temporary table for each reading: into one that is empty DuckDB moves what was read, while to one that
    has rows it copies them, which takes a third of the whole time. With `straight`, pages read quickly need none: they are
    in the table already, and the view `apart` shows the others. The connection belongs to the reading thread until
    `finish` or `close`.
    """

    def __init__(
        self, connection: Connection, stream: Stream, straight: Straight | None = None, aside: Aside | None = None
    ) -> None:
        self.unknown: set[str] = set()
        self._connection, self._stream, self._aside = connection, stream, aside
        self._straight = straight
        self._taken: list[Page] = []  # what would have to be read again if `straight` has to be taken back
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"read {stream.name}")
        self._begin()

    def _begin(self) -> None:
        self._staged = self._in_reading = self._parts = 0
        self._waiting: list[Page] = []
        self._marks = Marks()
        self._reading: Future[int | None] | None = None
        self._is_shown = False
        self._add_part(takes_more=True)

    @property
    def rows(self) -> int:
        """How many came so far; those that wait are counted by their bytes."""
        return self._staged + self._in_reading + self._marks.records

    @property
    def in_table(self) -> int | None:
        """How many rows are in the table already, within a transaction that was begun; None where none was."""
        return self._straight.count if self._straight and self._straight.has_begun else None

    def add(self, page: Page) -> None:
        """Take a page in, now or with the next ones. Raises DoesNotFitError, also for pages that waited."""
        if is_empty(page.path):  # the usual answer to what has changed: planning to read it would be all the work
            return
        self._is_shown = False
        marks = (
            marks_of(page.path, self._stream.column(self._stream.primary_key[0]).field)
            if self._is_for_quick(page)
            else None
        )
        if marks is None:
            self._drain()
            self._staged += self._read_carefully(page)
        else:
            self._waiting.append(page)
            self._marks += marks
        self._taken += [page] if self._straight else []
        if self._marks.bytes >= AT_ONCE:
            self._read_on()

    def finish(self) -> None:
        """Read what waits, wait until it is read, and show it as `staged`. Raises DoesNotFitError."""
        self._drain()
        if self._is_shown:
            return
        self._show()
        if self.in_table is not None and not self._stands():
            self._stage_again()
            self._drain()
            self._show()
        if self._aside:
            self._take_out(self._aside)
        self._is_shown = True

    def _take_out(self, aside: Aside) -> None:
        """What is hidden goes apart before rows are compared with stored ones, and only then: what is exact has been proved."""
        for part in range(1, self._parts + 1):
            aside.take_out(f"staged_{part}")
        if self._straight and self._straight.has_begun:
            aside.take_out(self._straight.table, self._straight.ours)

    def distinct(self) -> int:
        """How many records are in `staged`, repeats once."""
        keys = ", ".join(quoted(name) for name in self._stream.primary_key)
        return int(self._one(f"select count(*) from (select distinct {keys or 'true'} from staged)")[0])

    def close(self) -> None:
        """Give up what waits. Afterwards nobody uses the connection any more."""
        self._thread.shutdown(cancel_futures=True)

    def _show(self) -> None:
        parts = [f"select *, {n} as _part, rowid as _place from staged_{n}" for n in range(1, self._parts + 1)]
        self._connection.execute(f"create or replace temp view apart as {' union all '.join(parts)}")
        if self._straight and self._straight.has_begun:
            parts.insert(0, f"select *, null as _bad, 0 as _noise, 0 as _part, 0 as _place from {self._straight.rows}")
        self._connection.execute(f"create or replace temp view staged as {' union all '.join(parts)}")

    def _stands(self) -> bool:
        """Whether what went straight into the table is exact, and no record came twice."""
        assert self._straight
        return self.distinct() == self.rows and self._straight.is_exact()

    def _stage_again(self) -> None:
        """Take back what went straight into the table, and read all pages anew."""
        assert self._straight
        self._straight.take_back()
        self._straight, taken = None, self._taken
        self._taken = []
        self._begin()
        for page in taken:
            self.add(page)

    def _drain(self) -> None:
        while self._waiting or self._reading:
            self._read_on()
            self._wait()

    def _read_on(self) -> None:
        """Begin to read what waits once what came before is read."""
        self._wait()
        if self._waiting:
            self._reading = self._thread.submit(self._read, self._waiting, self._marks)
            self._in_reading = self._marks.records
            self._waiting, self._marks = [], Marks()

    def _wait(self) -> None:
        reading, self._reading, self._in_reading = self._reading, None, 0
        if reading is None:
            return
        rows = reading.result()
        if rows is None:
            self._stage_again()
        else:
            self._staged += rows

    def _read(self, pages: list[Page], marks: Marks) -> int | None:
        """Read pages one way or the other; gives how many rows they had, None where what went straight can't stand."""
        if self._straight and (self._straight.has_begun or self._straight.is_possible()):
            return marks.records if self._straight.read(pages, marks) else None
        return marks.records if self._read_quickly(pages, marks) else sum(map(self._read_carefully, pages))

    def _add_part(self, *, takes_more: bool = False) -> None:
        """The next table to read into; `takes_more`: page by page, not all at once."""
        declared = [f"{quoted(column.name)} {TYPES[column.kind]}" for column in self._stream.columns]
        own = ["_extra JSON", "_bad VARCHAR", "_noise INTEGER"]
        self._connection.execute(f"create or replace temp table staged_{self._parts + 1} ({', '.join(declared + own)})")
        self._parts, self._takes_more = self._parts + 1, takes_more

    def _is_for_quick(self, page: Page) -> bool:
        """Large and flat: inside JSON columns nothing can be counted, and what is fixed is not in the bytes."""
        flat = self._stream.primary_key and all(c.field and c.kind is not Kind.JSON for c in self._stream.columns)
        return bool(flat) and not page.fixed and page.path.exists() and page.path.stat().st_size >= LARGE_PAGE

    def _read_quickly(self, pages: list[Page], marks: Marks) -> bool:
        """Whether the pages' rows are staged and explain all that the pages hold; nothing is staged otherwise."""
        paths = [str(page.path) for page in pages]
        self._add_part()
        try:
            self._connection.execute(f"insert into {self._part} {quick.select(self._stream, *OWN)}", [paths])
            good = quick.is_exact(self._connection, self._stream, self._part, marks=marks, paths=paths)
        except UNREADABLE:
            good = False
        if not good:
            self._parts -= 1
            self._add_part()
        return good

    @property
    def _part(self) -> str:
        return f"staged_{self._parts}"

    def _read_carefully(self, page: Page) -> int:
        """How many rows the page had. Raises DoesNotFitError."""
        unknown = self._records_of(page)
        if not self._takes_more:
            self._add_part(takes_more=True)
        fixed = [column.name for column in self._stream.columns if column.name in page.fixed]
        insert = f"insert into {self._part} {_carefully(self._stream, fixed, unknown)}"
        rows = self._one(insert, [page.fixed[name] for name in fixed])[0]
        self._refuse_what_does_not_fit()
        self.unknown.update(unknown)
        return int(rows)

    def _records_of(self, page: Page) -> list[str]:
        """Bring a page in as records of JSON text; give the keys that no column declares."""
        read = f"read_json_objects(?, format = 'array', maximum_object_size = {RECORD_BYTES})"
        try:
            self._connection.execute(
                f"create or replace temp table page as select json::varchar as record from {read}", [str(page.path)]
            )
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            if isinstance(error, duckdb.IOException) and not page.path.exists():
                raise
            raise DoesNotFitError(self._stream.name, "*", "the answer is cut short or not a list") from error
        # One statement for both: of a small page planning is most of the work.
        others, keys = self._one(
            "select count(*) filter (json_type(record) <> 'OBJECT'), flatten(list(distinct json_keys(record))) from page"
        )
        if others:
            raise DoesNotFitError(self._stream.name, "*", "the answer is a list of something else than records")
        return sorted(set(keys or ()) - {column.field for column in self._stream.columns})

    def _refuse_what_does_not_fit(self) -> None:
        keys = [f"count(*) filter ({quoted(name)} is null)" for name in self._stream.primary_key]
        bad, *without = self._one(f"select {', '.join(['min(_bad)', *keys])} from {self._part}")
        if bad:
            raise DoesNotFitError(self._stream.name, bad, casts.WHY[self._stream.column(bad).kind])
        for name, many in zip(self._stream.primary_key, without, strict=True):
            if many:
                raise DoesNotFitError(self._stream.name, name, "a record came without its key")

    def _one(self, sql: str, values: list[object] | None = None) -> tuple[Any, ...]:
        found = self._connection.execute(sql, values or []).fetchone()
        assert found is not None, "an aggregate gives a row"
        return tuple(found)


def _carefully(stream: Stream, fixed: list[str], unknown: list[str]) -> str:
    """SQL that casts the page's records; a parameter for each fixed column's text."""
    paths = ", ".join(literal(_path(column.field or column.name)) for column in stream.columns)
    texts = [
        f"?::varchar as t{n}" if column.name in fixed else f"found[{n + 1}] as t{n}"
        for n, column in enumerate(stream.columns)
    ]
    values = [_value(column, n) for n, column in enumerate(stream.columns)]
    bad = " ".join(
        f"when t{n} is not null and v{n} is null then {literal(c.name)}" for n, c in enumerate(stream.columns)
    )
    noise = [casts.noisy(column, f"t{n}", f"v{n}") for n, column in enumerate(stream.columns)]
    return (
        f"with found as (select record, json_extract_string({casts.exact('record')}, [{paths}]) as found from page), "
        f"texts as (select record, {', '.join(texts)} from found), "
        f"cast_ as (select *, {', '.join(values)} from texts) "
        f"select {', '.join(f'v{n}' for n in range(len(values)))}, {_extra(unknown)}, "
        f"case {bad} end, {' + '.join(part for part in noise if part) or '0'} from cast_"
    )


def _value(column: Column, n: int) -> str:
    if column.kind is Kind.JSON:
        return f"case when t{n} is not null then json_extract(record, {literal(_path(column.field))}) end as v{n}"
    return f"{casts.typed(column, f't{n}')} as v{n}"


def _extra(unknown: list[str]) -> str:
    """What the source told beyond the catalog, kept as one JSON object; null where a record has nothing more."""
    if not unknown:
        return "null"
    pairs = ", ".join(f"{literal(key)}, json_extract(record, {literal(_path(key))})" for key in unknown)
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')::json"


def _path(field: str) -> str:
    return '$."' + field.replace('"', '\\"') + '"'
