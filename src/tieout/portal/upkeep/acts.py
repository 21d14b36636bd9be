"""What commands may have done by whoever holds TIEOUT_HOME: themselves, or a running server. Each tells as it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from tieout.portal.upkeep.backup import back_up
from tieout.portal.upkeep.errors import UpkeepError
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
    yield back_up(settings.TIEOUT, Path(target)).as_json()


ACTS = {"backup": backup}
