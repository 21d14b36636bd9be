"""docs/security/wcag.md has every criterion of WCAG 2.2, levels A and AA, once, and names files and tests that are there."""

from __future__ import annotations

import re

import pytest

from tests.standards import ROOT, Table

# The level of each criterion, by guideline: "-" is one of level AAA, or one that is no longer part of the standard.
LEVELS = {
    "1.1": "1", "1.2": "11122----", "1.3": "11122-", "1.4": "1122 2----222 2".replace(" ", ""),
    "2.1": "11-1", "2.2": "11----", "2.3": "1--", "2.4": "1111222---2--", "2.5": "1111--22",
    "3.1": "12----", "3.2": "1122-1", "3.3": "1122--12-",
    "4.1": "-12",
}  # fmt: skip
TABLE = Table("wcag.md", number=r"([\d.]+)")
CSS = (ROOT / "src" / "tieout" / "portal" / "static" / "tieout.css").read_text(encoding="utf-8")


def test_every_criterion_of_levels_a_and_aa_stands_once_with_its_level() -> None:
    wanted = [
        (f"{guideline}.{number}", "A" * int(level))
        for guideline, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
        if level != "-"
    ]
    assert (sum(level == "A" for _, level in wanted), sum(level == "AA" for _, level in wanted)) == (31, 24)
    TABLE.holds(wanted)


def test_the_count_at_the_top_is_that_of_the_table() -> None:
    TABLE.is_counted()


def test_every_file_and_every_test_that_is_named_is_there() -> None:
    TABLE.names_what_is_there(at_least=20)


def test_a_yes_names_code_and_a_test_or_says_that_none_holds_it() -> None:
    TABLE.says_what_holds_a_yes()


def colours(name: str) -> tuple[str, str]:
    """A colour of the style sheet, light and dark."""
    found = re.search(rf"--{name}:\s+light-dark\((#\w{{6}}|#\w{{3}}), (#\w{{6}})\)", CSS)
    assert found, name
    return found[1], found[2]


def luminance(colour: str) -> float:
    """WCAG's relative luminance of #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["paper", "canvas"])
@pytest.mark.parametrize("line", ["edge", "accent", "ok", "bad"])
def test_lines_that_mean_something_stand_out_from_what_they_lie_on(line: str, ground: str) -> None:
    """1.4.11: edges of fields, the ring of the focus, signs and bars."""
    for over, under in zip(colours(line), colours(ground), strict=True):
        light, dark = sorted((luminance(over), luminance(under)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, (over, under)
