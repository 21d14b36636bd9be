"""The models where others read them (`TIEOUT_PUBLISH_URL`): copied after each sync, taken away before rows are deleted."""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb
from django.conf import settings

from tieout.config import Settings
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse import sharing
from tieout.warehouse.base import BusyError

log = logging.getLogger(__name__)


def share(workspace: Workspace) -> None:
    """Copy a workspace's models. That others' folder can't be written to fails no sync: the log and the doctor tell."""
    installation: Settings = settings.TIEOUT
    published = installation.home / "published" / workspace.slug
    if installation.publish_to is None or not (published / "current").exists():
        return
    try:
        sharing.share(published, installation.publish_to / workspace.slug, memory=installation.duckdb_memory)
    except (OSError, duckdb.Error) as error:
        log.error("%s could not be copied to TIEOUT_PUBLISH_URL (%s)", workspace.slug, type(error).__name__)


def withdraw(workspace: Workspace) -> None:
    """Take the copies of a workspace away. Raises BusyError where they can't be; then nothing may be called deleted."""
    to = _folder_of(workspace)
    if to is None:
        return
    try:
        sharing.withdraw(to)
    except OSError as error:
        raise BusyError("The copies under TIEOUT_PUBLISH_URL can't be deleted now. Nothing was deleted.") from error


def _folder_of(workspace: Workspace) -> Path | None:
    installation: Settings = settings.TIEOUT
    return installation.publish_to and installation.publish_to / workspace.slug
