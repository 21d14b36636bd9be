"""Questions in SQL that people saved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked


class SavedQuery(Schema):
    """A question under a name. A shared one is seen by all members; `saved_by` is a person's id."""

    saved_query: UUID
    name: str
    sql: str
    is_shared: bool
    saved_by: int | None
    saved_at: datetime


class SavedQueries(Page[SavedQuery]):
    pass


class NewSavedQuery(Asked):
    """One that the person has under the name gets the new text."""

    name: StrictStr = Field(min_length=1, max_length=80)
    sql: StrictStr = Field(min_length=1, max_length=20_000)
    is_shared: StrictBool = False


class SavedQueryChange(Asked):
    """What is left out stays."""

    name: StrictStr | None = Field(None, min_length=1, max_length=80)
    is_shared: StrictBool | None = None
