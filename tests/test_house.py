"""What must be absent, and is checked to be: the rules of ARCHITECTURE.md that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "tieout"


def files(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    return sorted(path for folder in folders for path in (SOURCE / folder).rglob("*") if path.suffix in suffixes)


def test_portal_and_sync_name_no_accounting_system() -> None:
    named = [
        path
        for path in files("portal", "sync", suffixes=(".py", ".html", ".js", ".txt", ".sql"))
        if re.search("power ?office", path.read_text(), re.IGNORECASE)
    ]
    assert not named, f"a connector declares its title; these name one: {named}"


def test_environment_is_read_in_config_only() -> None:
    readers = [path for path in files("") if "os.environ" in path.read_text() and path.name != "config.py"]
    assert not readers


def test_no_module_is_a_drawer() -> None:
    assert not [path for path in files("") if path.stem in ("utils", "util", "helpers", "misc", "common")]


def test_lock_files_carry_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|--index|--find-links", text), lock


@pytest.mark.parametrize(
    "package", ["portal", "sync", "reports", "ledger", "warehouse", "connectors", "simulator", "cli"]
)
def test_every_module_says_what_it_is_for(package: str) -> None:
    silent = [
        path
        for path in files(package)
        if path.stat().st_size and "migrations" not in path.parts and not path.read_text().lstrip().startswith('"""')
    ]
    assert not silent, f"no docstring at the top of {silent}"


def test_no_module_of_ours_is_a_monolith() -> None:
    long = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in files("")
        if (lines := path.read_text().count("\n")) > 400
    }
    generated = {"connectors/poweroffice/columns.py"}  # from the vendor's schema
    assert set(long) <= generated, long
