"""What programs read: answers in pages that stay the same during a walk, $metadata, and whole files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import orjson

from tieout.portal.feeds import queries, workbook
from tieout.portal.feeds.odata import metadata
from tieout.portal.feeds.odata.errors import BadQuestionError, GoneError, NotThereError
from tieout.portal.feeds.odata.question import asked
from tieout.portal.feeds.odata.types import json_of
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse import feed

USUAL_PAGE, LARGEST_PAGE = 10_000, 50_000
_SKIPTOKEN = re.compile(r"(?P<answer>[0-9a-f-]{36})\.(?P<at>\d{1,12})\.(?P<total>\d{1,12})\.(?P<count>[01])")
FILES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads what: a workspace, limited to `companies` where given. `root` is the feed's address, with a slash at its end."""

    workspace: Workspace
    companies: list[str] | None
    root: str
    whose: str  # letters and digits: of the token and what it may read now
    large_as_text: bool = False
    page_rows: int = USUAL_PAGE

    def sets(self) -> queries.Sets:
        """The entity sets there are."""
        return queries.sets_of(self.workspace, all_companies=self.companies is None)

    def service(self) -> dict[str, Any]:
        """The service document."""
        return metadata.service(self.root, queries.columns_of(self.sets()))

    def metadata_xml(self) -> str:
        """$metadata as XML."""
        return metadata.as_xml(queries.columns_of(self.sets()), queries.told())

    def metadata_json(self) -> dict[str, Any]:
        """$metadata as JSON."""
        return metadata.as_json(queries.columns_of(self.sets()), queries.told())

    def count(self, name: str, options: dict[str, str]) -> int:
        """How many rows pass the filter."""
        question = self._asked(name, options)
        with warehouses.opened(self.workspace) as warehouse, refused():
            return feed.count(warehouse, question)

    def page(self, name: str, options: dict[str, str]) -> bytes:
        """One page of an answer as JSON, with the address of the next one. Raises FeedError."""
        question = self._asked(name, options)
        with warehouses.opened(self.workspace) as warehouse:
            if token := options.get("$skiptoken"):
                path, at, total, count = self._walk(warehouse, token)
            else:
                with refused():
                    kept = feed.keep(warehouse, question, whose=self.whose, count=options.get("$count") == "true")
                path, at, total, count = kept.path, 0, kept.total, options.get("$count") == "true"
            values = {column.name: json_of(column, large_as_text=self.large_as_text) for column in question.columns}
            try:
                rows = feed.page(warehouse, path, values, first=at, rows=self.page_rows + 1)
            except FileNotFoundError as error:
                raise GoneError("this walk began over an hour ago, or less may be read now; begin it again") from error
        following = at + self.page_rows if len(rows) > self.page_rows else None
        if following is None and not at:
            path.unlink(
                missing_ok=True
            )  # there is no walk; that of others is kept for who asks for its last page twice
        return self._written(name, options, rows[: self.page_rows], path, following, total if count else None)

    def file(self, name: str, options: dict[str, str], kind: str) -> Path:
        """The whole answer as a new file, which the caller deletes. Raises FeedError."""
        question = self._asked(name, options)
        with warehouses.opened(self.workspace) as warehouse, refused():
            if kind in ("csv", "parquet"):
                return feed.export(warehouse, question, kind)
            about = {"Table": name, "Address": f"{self.root}{name}", "Filter": options.get("$filter", "")}
            try:
                return workbook.write(warehouse.exports, name, question.columns, feed.rows(warehouse, question), about)
            except workbook.TooManyRowsError as error:
                raise BadQuestionError(
                    "more rows than a sheet of Excel holds; filter, or take .csv or .parquet"
                ) from error

    def _asked(self, name: str, options: dict[str, str]) -> feed.Asked:
        sets = self.sets()
        if name not in sets:
            raise NotThereError(f"there is no entity set {name!r}")
        schema, table, columns = sets[name]
        as_of = self._sync_of(options["as_of"]) if options.get("as_of") else None
        return asked(options, schema, table, columns, companies=self.companies, as_of=as_of)

    def _sync_of(self, wanted: str) -> int:
        """The sync that `as_of` names: its number, or a stamp's name. Raises BadQuestionError."""
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
            with warehouses.opened(self.workspace) as warehouse:
                if not feed.has_ended(warehouse, int(wanted), companies=self.companies):
                    raise BadQuestionError(f"there is no sync {wanted} that has ended")
            return int(wanted)
        syncs = queries.stamped_as(self.workspace, wanted, companies=self.companies)
        if len(syncs) != 1:
            what = "several stamps are" if syncs else "no stamp is"
            raise BadQuestionError(f"{what} called {wanted[:100]!r}; give the number of a sync as as_of")
        return syncs[0]

    def _walk(self, warehouse: Any, token: str) -> tuple[Path, int, int, bool]:
        found = _SKIPTOKEN.fullmatch(token)
        if not found:
            raise BadQuestionError("this $skiptoken is not one of ours")
        return (
            feed.path_of(warehouse, UUID(found["answer"]), whose=self.whose),
            int(found["at"]),
            int(found["total"]),
            found["count"] == "1",
        )

    def _written(
        self, name: str, options: dict[str, str], rows: list[str], path: Path, following: int | None, total: int | None
    ) -> bytes:
        chosen = f"({options['$select']})" if options.get("$select") else ""
        head: dict[str, Any] = {"@odata.context": f"{self.root}$metadata#{name}{chosen}"}
        if total is not None:
            head["@odata.count"] = total
        tail = b""
        if following is not None:
            answer = path.stem[-36:]
            token = f"{answer}.{following}.{total or 0}.{int(total is not None)}"
            select = f"&$select={options['$select']}" if options.get("$select") else ""
            link = f"{self.root}{name}?$skiptoken={token}{select}"
            tail = b',"@odata.nextLink":' + orjson.dumps(link)
        return orjson.dumps(head)[:-1] + b',"value":[' + ",".join(rows).encode() + b"]" + tail + b"}"


class refused:  # noqa: N801 - reads as a sentence after `with`
    """Turns what does not fit the columns' types into a question that was wrong."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        wrong = (
            duckdb.BinderException,
            duckdb.ConversionException,
            duckdb.OutOfRangeException,
            duckdb.InvalidInputException,
        )
        if isinstance(error, wrong):
            raise BadQuestionError("the filter compares what can't be compared, or works out what can't be") from error


def in_pieces(path: Path, size: int = 256 * 1024) -> Iterator[bytes]:
    """A file's bytes; it is deleted when the last one is out."""
    try:
        with path.open("rb") as file:
            while piece := file.read(size):
                yield piece
    finally:
        path.unlink(missing_ok=True)


def with_page(reader: Reader, wanted: str) -> Reader:
    """The reader with as many rows a page as a program prefers, up to the largest."""
    return (
        replace(reader, page_rows=max(1, min(int(wanted), LARGEST_PAGE)))
        if wanted.isascii() and wanted.isdigit()
        else reader
    )
