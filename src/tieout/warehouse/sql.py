"""Names and texts as SQL takes them, whatever they are made of. For what can't be a parameter: values that can be one are."""

from __future__ import annotations


def quoted(name: str) -> str:
    """The name of a table, column or schema."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text, or a path, between quotation marks."""
    return "'" + str(text).replace("'", "''") + "'"
