"""Log lines, for people or as JSON for machines. They never hold a secret, nor an address of a person.

What carries a secret (an address with a token, a query, a signing secret) is masked before anything is written.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# The addresses with a secret in them (approval links, one-time links of ours), any query, and what looks like a secret.
SECRET_PATHS = re.compile(r"/(approve|welcome|password/reset/key)/[^/\s'\"]+")
QUERY = re.compile(r"(/[\w\-/.]*)\?[^\s'\"]+")
SECRETS = re.compile(r"\b(whsec_|Bearer )[\w+/=.\-~]+")
EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(\.[\w\-]+)+")

_about: ContextVar[dict[str, Any]] = ContextVar("what log lines are about", default={})  # noqa: B039 - never changed


def masked(text: str) -> str:
    """The text with tokens in addresses, signing secrets and e-mail addresses replaced by stars."""
    text = QUERY.sub(r"\1?***", SECRET_PATHS.sub(r"/\1/***", text))
    return EMAIL.sub("***@***", SECRETS.sub(r"\1***", text))


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Say on each log line of the block what it is about: a job's name and its sync's id, never more."""
    token = _about.set(_about.get() | facts)
    try:
        yield
    finally:
        _about.reset(token)


def on_one_line(text: str) -> str:
    """The text with line breaks and all else that a terminal obeys spelled out: what others sent adds no line to the log."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


class MasksSecrets(logging.Filter):
    """Masks a record's message, arguments and traceback; the message stays one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = on_one_line(masked(record.getMessage())), None
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: when (UTC), how grave, who says it, what, and what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
        }
        if record.exc_info or record.exc_text:
            line["traceback"] = record.exc_text or masked(self.formatException(record.exc_info or (None, None, None)))
        return json.dumps(line, ensure_ascii=False, default=str)
