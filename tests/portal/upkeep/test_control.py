"""A command reaches the server that holds the folder, and is told how its work ended."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tieout.portal.upkeep import control
from tieout.portal.upkeep.errors import UpkeepError


def count(*, to: int) -> Iterator[dict[str, Any]]:
    for number in range(to):
        yield {"number": number}
    if to > 3:
        raise UpkeepError("more than three", is_temporary=True)


def break_down() -> Iterator[dict[str, Any]]:
    yield {"so": "far"}
    raise RuntimeError("a value that nobody should read")


ACTS = {"count": count, "break_down": break_down}


def test_what_is_told_meanwhile_comes_back_line_by_line(tmp_path: Path) -> None:
    with control.listening(tmp_path, ACTS):
        assert [told["number"] for told in control.ask(tmp_path, "count", to=3)] == [0, 1, 2]


def test_a_refusal_comes_back_as_one(tmp_path: Path) -> None:
    with control.listening(tmp_path, ACTS), pytest.raises(UpkeepError, match="more than three") as told:
        list(control.ask(tmp_path, "count", to=4))
    assert told.value.is_temporary


def test_a_fault_tells_its_kind_and_nothing_else(tmp_path: Path) -> None:
    with control.listening(tmp_path, ACTS), pytest.raises(UpkeepError, match="RuntimeError") as told:
        list(control.ask(tmp_path, "break_down"))
    assert "nobody should read" not in str(told.value)


def test_the_socket_is_for_its_owner_only_and_gone_in_the_end(tmp_path: Path) -> None:
    with control.listening(tmp_path, ACTS):
        assert stat.S_IMODE((tmp_path / "control").stat().st_mode) & 0o077 == 0
    assert not (tmp_path / "control").exists()
    with pytest.raises(control.NobodyThereError):
        list(control.ask(tmp_path, "count", to=1))


def test_one_that_a_kill_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "control").touch()
    with control.listening(tmp_path, ACTS):
        assert list(control.ask(tmp_path, "count", to=1)) == [{"number": 0}]


def test_a_folder_with_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    with control.listening(folder, ACTS):
        assert list(control.ask(folder, "count", to=1)) == [{"number": 0}]
