"""One process owns TIEOUT_HOME."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tieout.config import Settings, load
from tieout.portal.home import HomeHeldError, hold_home


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    return replace(load({"TIEOUT_HOME": str(tmp_path / "new")}))


def test_second_holder_learns_the_first_ones_process(installation: Settings) -> None:
    with hold_home(installation):
        with pytest.raises(HomeHeldError) as raised, hold_home(installation):
            pass
        assert raised.value.pid == os.getpid()
        assert str(os.getpid()) in str(raised.value)


def test_home_is_free_again_after_the_block(installation: Settings) -> None:
    with hold_home(installation):
        pass
    with hold_home(installation):
        assert stat.S_IMODE(installation.home.stat().st_mode) == 0o700


def test_lock_ends_with_its_process_however_it_dies(installation: Settings) -> None:
    program = (
        "import sys, time; from tieout.config import load; from tieout.portal.home import hold_home\n"
        "with hold_home(load()): print('held', flush=True); time.sleep(60)"
    )
    environment = os.environ | {"TIEOUT_HOME": str(installation.home)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(HomeHeldError) as raised, hold_home(installation):
            pass
        assert raised.value.pid == holder.pid
        holder.kill()
        holder.wait()
    with hold_home(installation):
        pass
