"""docs/security/wcag.md has every criterion of WCAG 2.2, levels A and AA, once, and names files and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_asvs import names_in

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security" / "wcag.md").read_text(encoding="utf-8")
# The level of each criterion, by guideline: "-" is one of level AAA, or one that is no longer part of the standard.
LEVELS = {
    "1.1": "1", "1.2": "11122----", "1.3": "11122-", "1.4": "1122 2----222 2".replace(" ", ""),
    "2.1": "11-1", "2.2": "11----", "2.3": "1--", "2.4": "1111222---2--", "2.5": "1111--22",
    "3.1": "12----", "3.2": "1122-1", "3.3": "1122--12-",
    "4.1": "-12",
}  # fmt: skip
ROW = re.compile(
    r"^\| ([\d.]+) \| (A|AA) \| ([^|]+) \| (yes|\*\*no\*\*|does not apply) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE
)
ROWS = ROW.findall(PAGE)


def test_every_criterion_of_levels_a_and_aa_stands_once_with_its_level() -> None:
    wanted = [
        (f"{guideline}.{number}", "A" * int(level))
        for guideline, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
        if level != "-"
    ]
    assert (sum(level == "A" for _, level in wanted), sum(level == "AA" for _, level in wanted)) == (31, 24)
    assert [(number, level) for number, level, *_ in ROWS] == wanted


def test_the_count_at_the_top_is_that_of_the_table() -> None:
    answers = [answer for *_, answer, _, _ in ROWS]
    told = tuple(answers.count(answer) for answer in ("yes", "**no**", "does not apply"))
    assert f"Of {len(ROWS)}:" in PAGE
    assert "**{} yes, {} no, {} do not apply.**".format(*told) in PAGE


def test_every_file_and_every_test_that_is_named_is_there() -> None:
    for path in re.findall(r"`((?:src|tests|docs)/[\w./-]+)`", PAGE):
        assert (ROOT / path).exists(), path
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 20
    for path, name in named:
        assert name in names_in(path), (path, name)


def test_a_yes_names_code_and_a_test_or_says_that_none_holds_it() -> None:
    for number, *_, answer, where, held in ROWS:
        if answer == "yes":
            assert re.search(r"`tests/[\w/]+\.py::test_\w+`|^no test: ", held), number
            assert len(where) > 3, number
        else:
            assert held.endswith("."), number
