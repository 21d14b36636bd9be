"""What goes wrong with a file of books."""

from __future__ import annotations


class BooksFileError(Exception):
    """A file can't be loaded as a company; nothing of it was. `str(error)` says what, what it means and what to do."""

    def __init__(self, what: str, *, file: str = "", line: int | None = None) -> None:
        self.what = what
        self.file = file
        self.line = line
        super().__init__(what)

    def __str__(self) -> str:
        place = (
            f"{self.file}, line {self.line}"
            if self.file and self.line
            else self.file or (f"line {self.line}" if self.line else "")
        )
        return f"{place}: {self.what}" if place else self.what
