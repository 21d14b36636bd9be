"""Tables in docs/security of what a standard asks for: counted, and held to the files and tests that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ANSWERS = ("yes", "**no**", "does not apply")
# The cells behind the number: level, what is asked for, the answer, where, and the test or what the answer means.
CELLS = r" \| (\w+) \| ([^|]+) \| (yes|\*\*no\*\*|does not apply) \| ([^|]+) \| ([^|]+) \|$"


class Table:
    """A page with such a table; `number` is how a row's number is written. `rows` are the cells."""

    def __init__(self, page: str, *, number: str) -> None:
        self.text = (ROOT / "docs" / "security" / page).read_text(encoding="utf-8")
        self.rows: list[tuple[str, ...]] = re.findall(rf"^\| {number}{CELLS}", self.text, re.MULTILINE)

    def holds(self, wanted: Sequence[tuple[str, str]]) -> None:
        """Every number stands once, in order, with its level."""
        assert [(number, level) for number, level, *_ in self.rows] == list(wanted)

    def is_counted(self) -> None:
        answers = [answer for *_, answer, _, _ in self.rows]
        assert f"Of {len(self.rows)}:" in self.text
        assert "**{} yes, {} no, {} do not apply.**".format(*map(answers.count, ANSWERS)) in self.text

    def names_what_is_there(self, *, at_least: int) -> None:
        """Files, and tests in them."""
        for path in re.findall(r"`((?:src|tests|docs|requirements)/[\w./-]+)`", self.text):
            assert (ROOT / path).exists(), path
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", self.text)
        assert len(named) >= at_least
        for path, name in named:
            assert name in _tests_in(path), (path, name)

    def says_what_holds_a_yes(self) -> None:
        """A test, or that none does; another answer says what it means."""
        for number, *_, answer, where, held in self.rows:
            if answer == "yes":
                assert re.search(r"`tests/[\w/]+\.py::test_\w+`|^no test: ", held), number
                assert len(where) > 3, number
            else:
                assert not held.startswith(("no test", "`tests/")), number
                assert held.endswith("."), number


@cache
def _tests_in(path: str) -> frozenset[str]:
    return frozenset(re.findall(r"def (test_\w+)", (ROOT / path).read_text(encoding="utf-8")))
