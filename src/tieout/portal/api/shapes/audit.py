"""The audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from tieout.portal.api.cursors import Page


class Entry(Schema):
    """One thing that somebody did, or that was tried. `what` is in the language that the request asks for.

    `who` is the name and e-mail of then; `address` the client's, empty where the portal itself or a command did it.
    """

    entry: int
    at: datetime
    kind: str
    what: str
    who: str
    person: int | None
    address: str
    source: UUID | None
    facts: dict[str, Any]


class Entries(Page[Entry]):
    pass
