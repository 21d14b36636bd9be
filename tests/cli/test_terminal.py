"""What others wrote in the books, on a terminal."""

from __future__ import annotations

import pytest

from tieout.cli.query import WRITERS
from tieout.cli.terminal import plain

EVIL = "[/b] [bold]x[/bold] \x1b[2J\x1b]0;title\x07 \r\b æøå 100 %"


def test_a_text_that_looks_like_markup_or_orders_a_terminal_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    WRITERS["table"](["[/a]"], [(EVIL,)])
    written = capsys.readouterr().out
    assert "[/b] [bold]x[/bold]" in written
    assert "æøå 100 %" in written
    assert not set(written) & set("\x1b\x07\r\b")


def test_signs_that_a_terminal_obeys_are_named() -> None:
    assert plain("a\x1b[31m\tb").plain == "a\\x1b[31m\\tb"
    assert plain("two\nlines").plain == "two\nlines"
