"""Texts of the books on a terminal: what others wrote gives it no orders, and is no markup of ours."""

from __future__ import annotations

from rich.text import Text


def plain(text: str) -> Text:
    """A text for a table or a line, as it is; signs that a terminal obeys are shown, not sent."""
    return Text("".join(one if one.isprintable() or one == "\n" else repr(one)[1:-1] for one in text))
