"""The documents are checked like code: links lead somewhere, commands exist, reference pages are those of this program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from docs import generate
from tieout.cli import parser

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"https?:|mailto:", target):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


@pytest.mark.parametrize("name", generate.PAGES)
def test_reference_pages_are_made_from_this_program(name: str) -> None:
    assert (generate.REFERENCE / name).read_text(encoding="utf-8") == generate.PAGES[name](), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_in_documents_are_understood_by_the_program(page: Path) -> None:
    for block in re.findall(r"```\n?(?:sh|bash)?\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        if block.lstrip().startswith("usage:"):
            continue
        for line in re.findall(r"^\s*(?:\w+=\S+ )*(?:\S*/)?tieout (.+)$", block, re.MULTILINE):
            words = shlex.split(line.rstrip("& "), comments=True)
            parser().parse_args(words)


def test_make_help_lists_every_target_with_a_sentence() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)
    described = re.findall(r"^([a-z][a-z-]*):.*## \S+ \S+", makefile, re.MULTILINE)
    assert set(described) | {"help"} >= set(targets)
    assert {"install", "demo", "test", "check", "fix", "bench", "screenshots", "docs"} <= set(targets)
