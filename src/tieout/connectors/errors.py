"""What can go wrong while we speak to an accounting system, sorted by who must act.

ConnectorError
├── TryLaterError          Busy or down. The next sync carries on by itself.
│   └── OverwhelmedError   It gave up on one question, or was too slow: a smaller one may do.
├── NeedsCompanyError      Approval withdrawn, or rights missing. Only the company can mend it.
│   └── NotPermittedError  One stream only: the company lacks the module, or has not granted the privilege.
├── NeedsOperatorError     This installation's own keys are wrong. Only its operator can mend it.
├── TooLargeError          A file is larger than we take. It is had from the system itself.
└── UnexpectedAnswerError  The answer is not what its documentation says. Stop and look.
"""

from __future__ import annotations


class ConnectorError(Exception):
    """Base of all. `str(error)` is for people: what happened and what to do; it never holds a secret.

    `company` is the organisation number of whose books were read, "" where none were.
    """

    company: str = ""


class TryLaterError(ConnectorError):
    """The accounting system is busy or can't be reached. Nothing is lost; the next sync carries on by itself."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class OverwhelmedError(TryLaterError):
    """The accounting system gave up on a question, or was too slow over it. A smaller one may do."""


class NeedsCompanyError(ConnectorError):
    """The accounting system no longer accepts the company's approval. An administrator of the company must renew it."""


class NotPermittedError(NeedsCompanyError):
    """This stream can't be read: the company lacks the module or the privilege. The other streams go on."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason  # a sentence from the system's own information, e.g. which module is missing


class NeedsOperatorError(ConnectorError):
    """The accounting system refuses this installation's own keys. All companies stand still until they are mended."""


class TooLargeError(ConnectorError):
    """What somebody asked for is larger than we take. Nothing of it was kept; the accounting system itself has it."""


class UnexpectedAnswerError(ConnectorError):
    """The answer is not what the accounting system's documentation says. The stream stops; nothing stored is touched."""
