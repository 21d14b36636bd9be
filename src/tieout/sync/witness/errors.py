"""Why a file can't be a witness. Nothing was compared and nothing was changed."""

from __future__ import annotations


class WitnessError(Exception):
    """`str(error)` is a sentence for people: what is wrong with the file, and what to do."""


class OtherCompanyError(WitnessError):
    """The file is of another company than the data source."""

    def __init__(self, file: str, ours: str) -> None:
        super().__init__(
            f"The file is of organisation number {file or '(none)'}, and this data source is {ours}. "
            "Nothing was compared. Export the file of this company, and try again."
        )
        self.file, self.ours = file, ours
