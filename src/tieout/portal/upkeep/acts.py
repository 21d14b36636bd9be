"""What commands may have done by whoever holds TIEOUT_HOME: themselves, or a running server. Each tells as it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from tieout.portal.sources.models import Source
from tieout.portal.upkeep.backup import back_up
from tieout.portal.upkeep.errors import UpkeepError
from tieout.portal.upkeep.logged import log_everywhere
from tieout.portal.upkeep.rebuild import rebuild as rebuild_source
from tieout.portal.upkeep.rebuild import set_aside_if_damaged
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import StorageError

Act = Callable[..., Iterator[dict[str, Any]]]


def _act(function: Act) -> Act:
    """Says a full disk as the rest is said, and gives the thread's database connection back."""

    @wraps(function)
    def carried_out(**arguments: Any) -> Iterator[dict[str, Any]]:
        try:
            yield from function(**arguments)
        except StorageError as error:
            raise UpkeepError(str(error), is_temporary=True) from error
        finally:
            connections.close_all()

    return carried_out


@_act
def backup(*, target: str) -> Iterator[dict[str, Any]]:
    """Back up to a folder; tells its manifest."""
    made = back_up(settings.TIEOUT, Path(target))
    log_everywhere("backup_made", folder=Path(target).name, files=len(made.files))
    yield made.as_json()


@_act
def rebuild(*, workspace: str | None, source: str | None) -> Iterator[dict[str, Any]]:
    """Read one company of a workspace anew, or all; tells every event with whose it is."""
    found = _workspace(workspace)
    sources = list(Source.objects.in_workspace(found).order_by("name"))
    if source is None and (aside := set_aside_if_damaged(found)):
        yield {"event": "set_aside", "file": str(aside)}
    for one in sources if source is None else [_called(source, sources)]:
        whose = {"source": str(one.pk), "organisation_number": one.organisation_number, "name": one.name}
        for event in rebuild_source(one):
            yield whose | event.as_json()


def _workspace(name: str | None) -> Workspace:
    found = list(Workspace.objects.filter(name=name) if name else Workspace.objects.all()[:2])
    if len(found) != 1:
        raise UpkeepError("Say which workspace with --workspace NAME; nothing was changed.")
    return found[0]


def _called(wanted: str, sources: list[Source]) -> Source:
    matching = [one for one in sources if wanted in (str(one.pk), one.organisation_number, one.name)]
    if len(matching) != 1:
        raise UpkeepError(
            f"{len(matching)} data sources are called {wanted!r}; give an id, organisation number or exact name."
        )
    return matching[0]


ACTS = {"backup": backup, "rebuild": rebuild}
