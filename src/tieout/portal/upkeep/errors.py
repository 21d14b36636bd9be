"""What stops the work of an operator, in a sentence that says what was found and what to do."""

from __future__ import annotations


class UpkeepError(Exception):
    """Nothing was changed. `is_temporary`: the same command may succeed later; else it must be given otherwise."""

    def __init__(self, message: str, *, is_temporary: bool = False) -> None:
        super().__init__(message)
        self.is_temporary = is_temporary
