"""Log lines never hold a secret: addresses that carry one are masked before anything is written."""

from __future__ import annotations

import logging
import re

# The two addresses with a secret in them (approval links, one-time links of ours), and any query.
SECRET_PATHS = re.compile(r"/(approve|welcome|password/reset/key)/[^/\s'\"]+")
QUERY = re.compile(r"(/[\w\-/.]*)\?[^\s'\"]+")


def masked(text: str) -> str:
    """The text with tokens in addresses replaced by stars."""
    return QUERY.sub(r"\1?***", SECRET_PATHS.sub(r"/\1/***", text))


class MasksSecrets(logging.Filter):
    """Masks a record's message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True
