"""The accounting systems that Tieout can read: one line each."""

from __future__ import annotations

from tieout.config import Settings
from tieout.connectors.base import Connector
from tieout.connectors.poweroffice import PowerOffice


def connectors(settings: Settings) -> dict[str, Connector]:
    """All connectors by name. Made once per process: what they share between companies lies in them."""
    found: tuple[Connector, ...] = (PowerOffice(settings),)
    return {connector.name: connector for connector in found}
