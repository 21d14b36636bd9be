"""What the doctor says without asking anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tieout.config import Settings, load
from tieout.connectors.first_contact import State
from tieout.portal.installation import checks
from tieout.warehouse.duckdb import open_warehouse


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    return load({"TIEOUT_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://books.example.com", State.WELL),
        ("http://127.0.0.1:8000", State.NOTICE),
        (None, State.NOTICE),
        ("http://books.example.com", State.WRONG),
    ],
)
def test_an_address_is_https_or_this_machine(given: Settings, url: str | None, state: State) -> None:
    assert checks.public_address(replace(given, public_url=url)).state is state


@pytest.mark.parametrize(
    ("url", "state"),
    [("smtp://mail.example.com", State.WELL), ("console:", State.NOTICE), ("pigeon:", State.WRONG)],
)
def test_mail_is_set_or_said_to_reach_nobody(given: Settings, url: str, state: State) -> None:
    assert checks.mail(replace(given, email_url=url)).state is state


def test_a_mail_servers_password_is_not_told(given: Settings) -> None:
    found = checks.mail(replace(given, email_url="smtp://who:a-secret@mail.example.com"))
    assert "a-secret" not in str(found.as_json())


def test_a_full_disk_is_to_be_mended(given: Settings) -> None:
    assert checks.disk(given).state is State.WELL
    assert checks.disk(replace(given, disk_percent=0)).state is State.WRONG


def test_files_that_others_may_read_are_named_with_what_mends_them(given: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "secret.key").touch(mode=0o600)
    assert checks.file_modes(given).state is State.WELL
    (tmp_path / "secret.key").chmod(0o644)
    found = checks.file_modes(given)
    assert found.state is State.WRONG
    assert found.advice_in_full == f"Run: chmod go= {tmp_path / 'secret.key'}"


def test_a_warehouse_of_a_newer_version_is_told(given: Settings, tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    file = tmp_path / "warehouse" / "fixture.duckdb"
    open_warehouse(file, spool=tmp_path / "spool").close()
    (found,) = checks.warehouses(given)
    assert found.state is State.WELL
    with duckdb.connect(str(file)) as connection:
        connection.execute("insert into tieout.schema_version values (9999, now())")
    (found,) = checks.warehouses(given)
    assert found.state is State.WRONG
    assert "version 9999" in found.found_in_full


def test_copies_for_others_are_told_with_their_sync_or_what_hinders_them(given: Settings, tmp_path: Path) -> None:
    assert list(checks.shared_copies(given)) == []
    with_copies = replace(given, publish_to=tmp_path / "for others")
    assert [found.state for found in checks.shared_copies(with_copies)] == [State.WRONG]  # not there
    (tmp_path / "published" / "acme" / "000001").mkdir(parents=True)
    (tmp_path / "published" / "acme" / "current").symlink_to("000001")
    (tmp_path / "for others" / "acme").mkdir(parents=True)
    assert [found.state for found in checks.shared_copies(with_copies)] == [State.WRONG]  # nothing copied yet
    for made_at, state in ((datetime.now(UTC), State.WELL), (datetime.now(UTC) - 2 * checks.BEHIND, State.WRONG)):
        told = {"sync": 7, "made_at": made_at.isoformat(), "verdict": "proved", "folder": "copies/000001"}
        (tmp_path / "for others" / "acme" / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        (found,) = checks.shared_copies(with_copies)
        assert found.state is state
