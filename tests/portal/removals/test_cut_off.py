"""A removal that is cut off at any statement or file, again and again, ends as an undisturbed one does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests.attacks.addresses import everything_stored
from tests.portal.removals.test_actions import KEPT, MARK, files_with, filled
from tieout.portal.people.models import Person
from tieout.portal.removals import actions
from tieout.portal.workspaces.models import Workspace


class CutOff(BaseException):
    """The process ends here."""


@contextmanager
def cut_off_at(event: int) -> Iterator[None]:
    """Whatever runs ends at its nth statement or deleted file, which is not executed any more."""
    left = event

    def counted(do: Callable[..., Any], *given: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise CutOff
        return do(*given, **named)

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(counted):
        for name in ("unlink", "rmdir"):
            do = getattr(os, name)
            patch.setattr(os, name, lambda *given, _do=do, **named: counted(_do, *given, **named))
        yield


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_is_cut_off_again_and_again_leaves_nothing(home: Path, owner: Person) -> None:
    before = everything_stored(but=KEPT)
    gone, _secret = filled(owner)
    asked, cuts = False, 0
    while Workspace.objects.filter(pk=gone.pk).exists():
        # Each try gets a statement further, so that together they end in many places and in the end get through.
        cuts += 1
        assert cuts < 500
        try:
            with cut_off_at(cuts):
                actions.finish_removals() if asked else actions.remove_workspace(gone, by=owner)
        except CutOff:
            asked = Workspace.objects.filter(pk=gone.pk).exclude(removed_at=None).exists()
    assert cuts > 20
    assert everything_stored(but=KEPT) == before
    assert files_with(home, MARK) == []
    assert [path for path in home.rglob("*") if gone.slug in path.name] == []


@pytest.mark.django_db
def test_what_is_deleted_is_in_no_page_of_the_database_and_after_the_next_start_not_in_its_log(tmp_path: Path) -> None:
    file = tmp_path / "app.db"
    opened = DatabaseWrapper({**settings.DATABASES["default"], **connection.settings_dict, "NAME": str(file)})
    with opened.cursor() as cursor:
        cursor.execute("create table kept (text text)")
        cursor.executemany("insert into kept values (%s)", [(f"{MARK} {number} " + "x" * 300,) for number in range(50)])
        cursor.execute("pragma wal_checkpoint(truncate)")
        assert MARK.encode() in file.read_bytes()
        cursor.execute("delete from kept")
        cursor.execute("pragma wal_checkpoint(truncate)")
        assert MARK.encode() not in file.read_bytes()
    opened.close()
