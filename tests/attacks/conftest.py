"""A portal to attack: the installation, people and accounting system of the portal's own tests."""

from __future__ import annotations

from tests.portal.approvals.conftest import accountant, drift, fresh, nordlys, pinned, system
from tests.portal.conftest import (
    administrator,
    administrator_browser,
    home,
    other_workspace,
    outsider,
    owner,
    owner_browser,
    reader,
    reader_browser,
    source,
    workspace,
)

__all__ = [
    "accountant",
    "administrator",
    "administrator_browser",
    "drift",
    "fresh",
    "home",
    "nordlys",
    "other_workspace",
    "outsider",
    "owner",
    "owner_browser",
    "pinned",
    "reader",
    "reader_browser",
    "source",
    "system",
    "workspace",
]
