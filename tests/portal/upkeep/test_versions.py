"""Stores of a newer Tieout are refused before anything is changed, each with words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tieout import config
from tieout.config import Settings
from tieout.portal.upkeep.versions import JOBS_VERSION, NewerStoreError, known_jobs_version, refuse_newer


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    return config.load({"TIEOUT_HOME": str(tmp_path)})


def write(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


MIGRATIONS = "create table django_migrations (app text, name text)"


def test_an_empty_home_is_fine(installation: Settings) -> None:
    refuse_newer(installation)


def test_what_this_version_wrote_is_fine_and_what_others_apps_took_too(installation: Settings) -> None:
    write(
        installation.home / "app.db",
        MIGRATIONS,
        "insert into django_migrations values ('syncs', '0001_initial'), ('account', '9999_of_a_library')",
    )
    write(
        installation.home / "jobs.db",
        "create table dbos_migrations (version integer)",
        f"insert into dbos_migrations values ({known_jobs_version()})",
    )
    write(installation.home / "limits.db", "create table turns (key text)")
    refuse_newer(installation)


def test_newer_tables_of_the_portal_are_refused(installation: Settings) -> None:
    write(
        installation.home / "app.db", MIGRATIONS, "insert into django_migrations values ('syncs', '0999_of_tomorrow')"
    )
    with pytest.raises(NewerStoreError, match=r"app\.db was written by a newer Tieout .*0999_of_tomorrow.*Nothing was"):
        refuse_newer(installation)


def test_newer_jobs_are_refused(installation: Settings) -> None:
    write(
        installation.home / "jobs.db",
        "create table dbos_migrations (version integer)",
        f"insert into dbos_migrations values ({known_jobs_version() + 1})",
    )
    with pytest.raises(NewerStoreError, match=r"jobs\.db"):
        refuse_newer(installation)


def test_newer_limits_are_refused(installation: Settings) -> None:
    write(installation.home / "limits.db", "pragma user_version = 7")
    with pytest.raises(NewerStoreError, match=r"limits\.db .*version 7, known 0"):
        refuse_newer(installation)


def test_the_version_of_jobs_that_is_known_without_asking_is_the_librarys_own() -> None:
    assert known_jobs_version() == JOBS_VERSION
