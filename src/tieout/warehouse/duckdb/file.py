"""One workspace's DuckDB file: opened with guards, shared by threads, moved on by numbered steps, closed when idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tieout.warehouse.base import BusyError, NewerError
from tieout.warehouse.duckdb.storage import storage_error
from tieout.warehouse.sql import literal
from tieout.warehouse.views import ViewsOf, no_views, try_build

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.store import DuckDBStore

Connection = duckdb.DuckDBPyConnection
THREADS = "2"
# What an open file keeps in memory besides its rows (catalog, versions, statistics) grows with every sync: now and then,
# in a moment in which nobody is in it, it is closed, and opened anew by the next one who comes.
RENEWED_AFTER_SECONDS = 600.0


class DuckDBWarehouse:
    """See `base.Warehouse`. Made by `open_warehouse`.

    Each thread takes a connection of its own for as long as it needs one; transactions that write take turns.
    """

    def __init__(
        self, path: Path, *, spool: Path, published: Path | None, memory: str, views: ViewsOf = no_views
    ) -> None:
        self.path, self.spool, self.published, self.memory, self.views = path, spool, published, memory, views
        self.exports = spool / ".exports"
        self._root: Connection | None = None
        self._gate = threading.Condition()
        self._writer = threading.RLock()
        self._held = threading.local()  # connections that the thread holds: it may always take another
        self._active = 0
        self._closed_to_all = False
        self._is_broken = False  # the disk failed us; what DuckDB then holds in memory is not to be trusted
        self._used_at = self._opened_at = time.monotonic()
        self.renewed_after_seconds = RENEWED_AFTER_SECONDS

    def source(self, source_id: str, *, connector: str) -> DuckDBStore:
        """One data source's part. Makes nothing yet: `prepare` does."""
        from tieout.warehouse.duckdb.store import DuckDBStore

        return DuckDBStore(self, source_id, connector)

    def source_ids(self) -> list[str]:
        """All sources that have ever been prepared here and not deleted."""
        with self.connection() as connection:
            found = connection.execute("select source_id from tieout.sources order by 1").fetchall()
        return [source_id for (source_id,) in found]

    def delete_source(self, source_id: str) -> None:
        """See `base.Warehouse.delete_source`. Waits until no other thread is reading or loading."""
        from tieout.warehouse.duckdb.rewrite import delete_for_good

        delete_for_good(self, source_id)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection of one's own; temporary tables live as long as it. Raises BusyError, StorageError."""
        root = self._enter()
        connection = root.cursor()
        try:
            yield connection
        except duckdb.Error as error:
            told = storage_error(error, self.path)
            if told is None:
                raise
            self._is_broken = True
            raise told from error
        finally:
            connection.close()
            self._leave()

    @contextmanager
    def writing(self, connection: Connection | None = None, *, has_begun: bool = False) -> Iterator[Connection]:
        """One transaction, committed at the end or rolled back. Writers take turns, readers never wait.

        `has_begun`: the connection is in a transaction that so far only added rows.
        """
        if connection is None:
            with self.connection() as own, self.writing(own):
                yield own
            return
        with self._writer:
            if not has_begun:
                connection.execute("begin")
            try:
                yield connection
            except BaseException:
                with suppress(duckdb.Error):  # where the disk is the trouble, it must not hide the first error
                    connection.execute("rollback")
                raise
            connection.execute("commit")

    def make_views(self) -> None:
        """Make the views over raw tables, now that those are there. Costs next to nothing where nothing changed."""
        with self.connection() as connection, self._writer:
            try_build(connection, self.views)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep everybody out while the file is rewritten. The calling thread must hold no connection."""
        with self._gate:
            self._gate.wait_for(lambda: not self._closed_to_all)
            self._closed_to_all = True
            self._gate.wait_for(lambda: self._active == 0)
            self._close_root()
        try:
            yield
        finally:
            with self._gate:
                self._closed_to_all = False
                self._gate.notify_all()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let nobody write or close the file meanwhile; readers go on, and syncs wait where they would store."""
        with self.connection(), self._writer:
            yield

    def rest(self, idle_seconds: float = 0) -> bool:
        """Close the file if nobody has used it for so long; the next use opens it again. True if it is closed now."""
        with self._gate:
            if self._active == 0 and time.monotonic() - self._used_at >= idle_seconds:
                self._close_root()
            return self._root is None

    def close(self) -> None:
        """Close the file. Whoever still holds a connection keeps it until he leaves."""
        with self._gate:
            self._close_root()

    def _enter(self) -> Connection:
        held = getattr(self._held, "count", 0)
        with self._gate:
            self._gate.wait_for(lambda: held > 0 or not self._closed_to_all)
            if self._root is None:
                self._root = connect(self.path, [self.spool, self.published], memory=self.memory)
                self._opened_at = time.monotonic()
                try_build(self._root, self.views)
            self._active += 1
        self._held.count = held + 1
        return self._root

    def _leave(self) -> None:
        self._held.count -= 1
        with self._gate:
            self._active -= 1
            self._used_at = time.monotonic()
            is_old = self._used_at - self._opened_at >= self.renewed_after_seconds
            if self._active == 0 and (is_old or self._is_broken):
                self._close_root()  # a file that could not be written is of no use until it is opened anew
            self._gate.notify_all()

    def _close_root(self) -> None:
        if self._root is not None:
            self._root.close()
            self._root = None
            self._is_broken = False


def open_warehouse(
    path: Path, *, spool: Path, published: Path | None = None, memory: str = "512MB", views: ViewsOf = no_views
) -> DuckDBWarehouse:
    """Open (or make) a workspace's file. `spool` and `published` are the workspace's own folders. Raises BusyError, StorageError.

    `views` go over the raw tables, in the file and in the published copy.
    """
    for folder in (path.parent, spool, published):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    warehouse = DuckDBWarehouse(
        path.resolve(),
        spool=spool.resolve(),
        published=published.resolve() if published else None,
        memory=memory,
        views=views,
    )
    with warehouse.connection():
        return warehouse


def connect(path: Path, folders: list[Path | None], *, memory: str, read_only: bool = False) -> Connection:
    """Connect to a file, migrate it, and lock the configuration: nothing outside `folders` can be read or written.

    Sums, casts and dates depend on the time zone; it is UTC whatever the machine's is. Raises BusyError, StorageError.
    """
    try:
        return _connected(path, folders, memory=memory, read_only=read_only)
    except duckdb.Error as error:
        if "lock on file" in str(error):
            raise BusyError(f"Another process has {path.name} open. Stop it, or read the published copy.") from error
        if told := storage_error(error, path):
            raise told from error
        raise


def _connected(path: Path, folders: list[Path | None], *, memory: str, read_only: bool) -> Connection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": THREADS,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "enable_external_file_cache": "false",  # pages of the spool are read once
    }
    connection = duckdb.connect(str(path), read_only=read_only, config=settings)
    connection.execute("set global timezone = 'UTC'")
    if not read_only:
        migrate(connection)
    allowed = ", ".join(literal(folder) for folder in folders if folder is not None)
    connection.execute(f"set allowed_directories = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def migrate(connection: Connection) -> None:
    """Bring the tieout.* tables to the newest version, each step in a transaction of its own. Raises NewerError."""
    at = version_of(connection)
    newest = max(number for number, _ in steps())
    if at > newest:
        raise NewerError(
            f"The warehouse was written by a newer Tieout (version {at}, known {newest}). Nothing was changed."
            " Install that version again, or restore the backup that was made before the upgrade."
        )
    for number, sql in steps():
        if number <= at:
            continue
        connection.execute("begin")
        connection.execute(sql)
        connection.execute("insert into tieout.schema_version values (?, now())", [number])
        connection.execute("commit")


def stored_version(path: Path) -> int:
    """The version of a warehouse file that nobody has open. Raises duckdb.Error where somebody has, or it is damaged."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return version_of(connection)


def version_of(connection: Connection) -> int:
    """The version of the tieout.* tables; 0 before the first step."""
    there = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'tieout' and table_name = 'schema_version'"
    ).fetchone()
    found = connection.execute("select max(version) from tieout.schema_version").fetchone() if there else None
    return int(found[0] or 0) if found else 0


def steps() -> list[tuple[int, str]]:
    """Every step of the tieout.* tables: its number and its SQL, in order."""
    folder = resources.files("tieout.warehouse.duckdb.migrations")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [(int(file.name[:4]), file.read_text(encoding="utf-8")) for file in files]
