"""A data source of the toy system in a portal, with a stream of lines that fills in the background if wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.toy import BOOKINGS, KEY, ToyConnector, ToyReader, ToySystem
from tieout.catalog import Ask, Column, Grade, How, Kind, Stream
from tieout.connectors.base import SOMEBODY, Claim, Company, Secret
from tieout.portal.sources.actions import create_source
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

LINES = Stream(
    name="lines",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("text", "Text", Kind.TEXT),
        Column("booking_id", "BookingId", Kind.INTEGER),
    ),
    how=How.PARENTS,
    parent="bookings",
    parent_column="booking_id",
    deferred=True,
    grade=Grade.NOT_CHECKABLE,
)


class LinesReader(ToyReader):
    """Gives one line per booking, and says how many were asked for."""

    def _found(self, ask: Ask) -> list[dict[str, Any]]:
        if ask.stream.name != "lines":
            return super()._found(ask)
        assert ask.parent is not None
        return [{"Id": int(ask.parent) * 100, "Text": f"Line of {ask.parent}", "BookingId": int(ask.parent)}]


class LinesConnector(ToyConnector):
    """The toy connector with lines of bookings, a request each."""

    streams = (*ToyConnector.streams[:1], BOOKINGS, LINES)

    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> LinesReader:
        return LinesReader(self.system, key.reveal())


def make_toy_source(workspace: Workspace, *, number: str = "999999999", key: str = KEY) -> Source:
    return create_source(
        workspace,
        connector="toy",
        company=Company(name=f"Toy Company {number}", organisation_number=number),
        client_key=Secret(key),
        approver_email=None,
        by=None,
    )


def files_with(folder: Path, text: str) -> list[str]:
    """Files under a folder that hold a text, as it is or as UTF-16."""
    wanted = (text.encode(), text.encode("utf-16-le"))
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(one in path.read_bytes() for one in wanted)
    )


def system_with(**changes: Any) -> ToySystem:
    return replace(ToySystem(), **changes)
