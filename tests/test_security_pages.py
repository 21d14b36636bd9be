"""What docs/security promises is there: its tests exist, and the program names no host that is not told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tieout.config import load

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "security").glob("*.md"))
PROGRAM = ROOT / "src" / "tieout"
READ_BY_THE_PROGRAM = {".py", ".html", ".js", ".css", ".toml", ".sql", ".svg"}
NAMES_ONLY = {"www.w3.org", "docs.oasis-open.org"}  # of XML namespaces and terms: nobody calls them
SIMULATED = PROGRAM / "simulator"
A_YEAR = 1  # no entry of the audit log goes before; the database itself refuses


def hosts_in(text: str) -> set[str]:
    return set(re.findall(r"https?://([A-Za-z0-9.-]+\.[a-z]{2,})", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`(tests/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path
    ours = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"`(test_\w+)`", text):
        assert f"def {name}(" in ours, name


def test_times_that_are_promised_are_those_of_the_settings() -> None:
    """That each setting does what it says is held by tests/portal/upkeep/test_retention.py and portal/audits/test_actions.py."""
    told = load({"TIEOUT_HOME": "/nowhere"})
    blocks, flow = ((ROOT / "docs" / "security" / name).read_text() for name in ("accountability.md", "data-flow.md"))
    erasure = next(line for line in blocks.splitlines() if line.startswith("| Sletting / erasure"))
    times = {int(number) for number in re.findall(r"\d+", erasure)}
    assert times == {told.spool_days, told.log_days, told.job_days, told.history_years, told.contact_days, A_YEAR}
    for norwegian, english in (
        (f"når de er lest ({told.spool_days} dager)", f"once they are read ({told.spool_days} days)"),
        (f"linjer etter [{told.log_days}] dager", f"lines of syncs after [{told.log_days}] days"),
        (
            f"kontakter [{told.contact_days}] dager etter at de er slettet",
            f"contacts’ personal data [{told.contact_days}] days after they are deleted",
        ),
        (f"ferdige jobber etter [{told.job_days}]", f"finished jobs after [{told.job_days}]"),
        (f"revisjonslogg etter [{told.history_years}] år", f"audit log after [{told.history_years}] years"),
    ):
        assert norwegian in erasure
        assert english in erasure
    assert f"and {told.spool_days} days longer" in flow
    assert {int(years) for years in re.findall(r"after (\d+) years", flow)} == {told.history_years}
    assert {int(days) for days in re.findall(r"(\d+) days", flow)} <= {told.spool_days, told.log_days, told.job_days}


def test_no_host_is_named_that_the_page_of_hosts_does_not_tell() -> None:
    told = (ROOT / "docs" / "security" / "hosts.md").read_text(encoding="utf-8")
    files = [
        file for file in PROGRAM.rglob("*") if file.suffix in READ_BY_THE_PROGRAM and SIMULATED not in file.parents
    ]
    named = {host for file in files for host in hosts_in(file.read_text(encoding="utf-8"))} - NAMES_ONLY
    assert "goapi.poweroffice.net" in named, "the search finds nothing"
    assert {host for host in named if f"`{host}`" not in told} == set()
