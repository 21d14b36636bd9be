"""One company as the simulator plays it: its books, and how time passes for it."""

from __future__ import annotations

from datetime import datetime

from tieout.simulator.books.model import Books


class Company:
    """Books whose clock can be moved on. A loaded company's books stand still; an invented one's live (`stage.Stage`)."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def advance(self, until: datetime, *, awake: datetime | None = None) -> None:
        """Let everything happen whose system time is `until` or earlier. Time never goes back: an earlier `until` does nothing.

        What was due before `awake` happens then: nobody could see the books live until then, and a stamp that lies before
        what was last seen would never be found by those who ask for changes.
        Raises ValueError for an instant without time zone.
        """
        if until.tzinfo is None:
            raise ValueError(f"{until} has no time zone")
        if until > self.books.now:
            self._play(until, max(awake or self.books.now, self.books.now))
            self.books.now = until

    def is_due(self, until: datetime) -> bool:
        """Whether anything happens up to an instant."""
        return False

    def _play(self, until: datetime, awake: datetime) -> None:
        """What happens by itself up to `until`; a loaded company has nothing to come."""
