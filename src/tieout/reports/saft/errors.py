"""Why a file can't be written. Nothing is left behind then."""

from __future__ import annotations

from typing import Any


class CannotExportError(Exception):
    """The books can't be written as asked. The text says what is in the way, and what to do.

    `why` is a word for programs (parts_of_an_ore, not_synced, months), with the `facts` of the text.
    """

    def __init__(self, text: str, *, why: str, **facts: Any) -> None:
        super().__init__(text)
        self.why, self.facts = why, facts
