"""Stores that a newer Tieout wrote are refused before anything is changed: an older program would read them wrong."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tieout.config import Settings, SettingsError
from tieout.warehouse.duckdb.file import steps

PORTAL = Path(__file__).parents[1]
JOBS_VERSION = 125  # of jobs.db in the library's release that we lock: asking the library itself takes a second
LIMITS_VERSION = 0  # `pragma user_version` of limits.db


class NewerStoreError(SettingsError):
    """A store was written by a newer Tieout. Nothing was changed."""

    def __init__(self, store: Path, why: str) -> None:
        super().__init__(
            f"{store} was written by a newer Tieout ({why}). Nothing was changed. Install that version again, or restore"
            " the backup that was made before the upgrade into another TIEOUT_HOME."
        )


def refuse_newer(settings: Settings) -> None:
    """Raise NewerStoreError if the portal's tables, the jobs or the limits are newer than this program.

    Warehouses are looked at when they are opened, since that costs more.
    """
    home = settings.home
    if unknown := unknown_migrations(home / "app.db"):
        raise NewerStoreError(home / "app.db", f"its step {unknown[0]} is unknown here")
    stored = jobs_version(home / "jobs.db")
    if stored > JOBS_VERSION and stored > (known := known_jobs_version()):
        raise NewerStoreError(home / "jobs.db", f"version {stored}, known {known}")
    stored = _number(home / "limits.db", "pragma user_version")
    if stored > LIMITS_VERSION:
        raise NewerStoreError(home / "limits.db", f"version {stored}, known {LIMITS_VERSION}")


def unknown_migrations(path: Path) -> list[str]:
    """Steps of our own tables that were taken and that this program has not."""
    taken = set(_rows(path, "select app, name from django_migrations"))
    known = _known_migrations()
    ours = {app for app, _ in known}
    return sorted(f"{app}.{name}" for app, name in taken - known if app in ours)


def latest_migrations(path: Path) -> dict[str, str]:
    """The newest step that each of our apps' tables have taken."""
    ours = {app for app, _ in _known_migrations()}
    taken = _rows(path, "select app, max(name) from django_migrations group by app order by app")
    return {app: name for app, name in taken if app in ours}


def jobs_version(path: Path) -> int:
    """The version of the tables of jobs; 0 where there are none yet."""
    return _number(path, "select max(version) from dbos_migrations")


def known_jobs_version() -> int:
    from dbos._migration import sqlite_migrations

    return len(sqlite_migrations)


def is_newer(store: str, version: int | str) -> bool:
    """Whether this program lacks what a manifest says of a store: an app of the portal, jobs.db or a warehouse's path."""
    if store == "jobs.db":
        return int(version) > known_jobs_version()
    if store.startswith("warehouse/"):
        return int(version) > len(steps())
    return (store, str(version)) not in _known_migrations()


def _known_migrations() -> set[tuple[str, str]]:
    """Every step of every app of the portal: the app's label is its folder."""
    return {(path.parents[1].name, path.stem) for path in PORTAL.glob("*/migrations/[0-9]*.py")}


def _number(path: Path, sql: str) -> int:
    found = _rows(path, sql)
    return int(found[0][0] or 0) if found else 0


def _rows(path: Path, sql: str) -> list[tuple[str, ...]]:
    """Rows of a store as it lies; none where the file or the table is not there yet."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as database:
        try:
            return list(database.execute(sql).fetchall())
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
