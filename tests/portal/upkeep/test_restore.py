"""A backup is put back whole, into an empty home, with its own key; or nothing is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tieout import config
from tieout.config import Settings
from tieout.portal.encryption import make_key_file, read_key_ring
from tieout.portal.upkeep import manifest
from tieout.portal.upkeep.errors import UpkeepError
from tieout.portal.upkeep.restore import restore


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    """A bare machine, to which somebody brought the key."""
    home = tmp_path / "bare"
    home.mkdir()
    make_key_file(home / "secret.key")
    return config.load({"TIEOUT_HOME": str(home)})


@pytest.fixture
def copy(tmp_path: Path, installation: Settings) -> Iterator[Path]:
    folder = tmp_path / "copy"
    (folder / "warehouse").mkdir(parents=True)
    (folder / "app.db").write_bytes(b"people")
    (folder / "warehouse" / "fixture.duckdb").write_bytes(b"books")
    keys = read_key_ring(installation.secret_key_file).fingerprints()
    manifest.describe(folder, made_at=datetime.now(UTC), versions={}, keys=keys).write(folder)
    return folder


def names(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def test_every_file_is_put_in_its_place(installation: Settings, copy: Path) -> None:
    restore(installation, copy)
    assert names(installation.home) == {"secret.key", "app.db", "warehouse/fixture.duckdb"}
    assert (installation.home / "warehouse" / "fixture.duckdb").read_bytes() == b"books"


@pytest.mark.parametrize("there", ["app.db", "warehouse", "anything"])
def test_a_home_that_is_not_empty_is_refused(installation: Settings, copy: Path, there: str) -> None:
    (installation.home / there).mkdir()
    with pytest.raises(UpkeepError, match=f"not empty \\({there}"):
        restore(installation, copy)


def test_a_restore_that_was_cut_off_begins_anew(installation: Settings, copy: Path) -> None:
    (installation.home / ".restore.part").mkdir()
    (installation.home / "warehouse").mkdir()
    (installation.home / "warehouse" / "fixture.duckdb").write_bytes(b"half a b")
    restore(installation, copy)
    assert (installation.home / "warehouse" / "fixture.duckdb").read_bytes() == b"books"


def test_another_key_is_told_with_both_fingerprints(installation: Settings, copy: Path) -> None:
    (wanted,) = read_key_ring(installation.secret_key_file).fingerprints().values()
    installation.secret_key_file.unlink()
    make_key_file(installation.secret_key_file)
    (ours,) = read_key_ring(installation.secret_key_file).fingerprints().values()
    with pytest.raises(UpkeepError, match="is another one") as told:
        restore(installation, copy)
    assert wanted in str(told.value)
    assert ours in str(told.value)
    assert names(installation.home) == {"secret.key"}


def test_a_missing_key_is_told_with_its_fingerprint(installation: Settings, copy: Path) -> None:
    (wanted,) = read_key_ring(installation.secret_key_file).fingerprints().values()
    installation.secret_key_file.unlink()
    with pytest.raises(UpkeepError, match=wanted):
        restore(installation, copy)


def test_a_key_ring_that_was_rotated_since_still_opens_it(installation: Settings, copy: Path) -> None:
    from tieout.portal.encryption import add_key

    add_key(installation.secret_key_file)
    restore(installation, copy)
    assert (installation.home / "app.db").exists()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: (folder / "app.db").write_bytes(b"peoplf"), "not as it was written"),
        (lambda folder: (folder / "app.db").unlink(), "missing"),
        (lambda folder: (folder / "manifest.json").unlink(), "no backup"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "damaged"),
    ],
)
def test_a_backup_that_was_harmed_is_refused_and_nothing_is_there(
    installation: Settings, copy: Path, harm: object, told: str
) -> None:
    harm(copy)  # type: ignore[operator]
    with pytest.raises(UpkeepError, match=told):
        restore(installation, copy)
    assert names(installation.home) == {"secret.key"}


def test_a_manifest_that_leads_outside_is_refused(installation: Settings, copy: Path) -> None:
    made = manifest.read(copy)
    replace(made, files=(replace(made.files[0], path="../bare/settings.toml"),)).write(copy)
    with pytest.raises(UpkeepError, match="leads out"):
        restore(installation, copy)


@pytest.mark.parametrize(
    ("store", "version"), [("syncs", "0999_of_tomorrow"), ("warehouse/fixture.duckdb", 999), ("jobs.db", 9_999)]
)
def test_stores_of_a_newer_version_are_refused_before_anything_is_there(
    installation: Settings, copy: Path, store: str, version: int | str
) -> None:
    replace(manifest.read(copy), versions={store: version}).write(copy)
    with pytest.raises(UpkeepError, match=f"newer Tieout .*{store}"):
        restore(installation, copy)
    assert names(installation.home) == {"secret.key"}


def test_a_backup_of_a_newer_form_is_refused(installation: Settings, copy: Path) -> None:
    replace(manifest.read(copy), format=manifest.FORMAT + 1, tieout="9.9.9").write(copy)
    with pytest.raises(UpkeepError, match=r"newer Tieout \(9.9.9\)"):
        restore(installation, copy)
