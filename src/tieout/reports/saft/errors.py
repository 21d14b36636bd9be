"""Why a file can't be written. Nothing is left behind then."""

from __future__ import annotations


class CannotExportError(Exception):
    """The books can't be written as asked. The text says what is in the way, and what to do."""
