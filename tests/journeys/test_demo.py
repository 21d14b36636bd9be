"""The demo as a newcomer gets it: the built wheel in an empty environment, one command, one address."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from tests.browsers import browser

ROOT = Path(__file__).parents[2]
READY_SECONDS = 90  # 30 on a quiet machine; tests share theirs with others
pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def tieout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a wheel that was built from this checkout, in an environment with nothing else in it."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder / "env")], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", str(folder / "env" / "bin" / "python")]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    return folder / "env" / "bin" / "tieout"


class Demo:
    """A running demo and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.lines = process, list[str]()
        self._said = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line)
                self._said.notify_all()

    def line_with(self, words: str) -> str:
        with self._said:
            found = self._said.wait_for(lambda: any(words in line for line in self.lines), timeout=READY_SECONDS)
            assert found, "".join(self.lines)
            return next(line for line in self.lines if words in line)

    @property
    def address(self) -> str:
        return self.line_with("Open http").split()[1]

    @property
    def name_and_password(self) -> tuple[str, str]:
        words = self.line_with("Sign in as").strip()
        name, _, password = words.removeprefix("Sign in as ").partition(" with the password ")
        return name, password


@contextmanager
def running_demo(command: Path, folder: Path, *words: str) -> Iterator[Demo]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
    process = subprocess.Popen(
        [str(command), "demo", *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Demo(process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return False


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while is_running(pid):
        assert time.monotonic() < until, f"process {pid} is still there"
        threading.Event().wait(0.05)


def companies(demo: Demo) -> dict[str, str]:
    """Name of each data source and its proof, as the list page shows them."""
    name, password = demo.name_and_password
    with browser() as running:
        page = running.new_page()
        page.goto(f"{demo.address}/accounts/login/")
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill(password)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/sources/")
        rows = page.locator("main table tbody tr").all()
        return {row.locator("th a").first.inner_text(): row.inner_text() for row in rows}


def test_the_wheel_alone_shows_a_company_synced_and_proved_and_ends_with_ctrl_c(tieout: Path, tmp_path: Path) -> None:
    with running_demo(tieout, tmp_path, "--port", "0") as demo:
        shown = companies(demo)
        assert len(shown) == 1
        assert "Proved" in next(iter(shown.values()))
        (simulator,) = children(demo.process.pid)
    assert demo.process.returncode == 0
    wait_until_gone(simulator)
    with running_demo(tieout, tmp_path, "--port", "0") as again:
        assert companies(again).keys() == shown.keys()
    with running_demo(tieout, tmp_path, "--port", "0", "--reset") as anew:
        assert len(companies(anew)) == 1


def test_kill_9_of_the_demo_leaves_nothing_running(tieout: Path, tmp_path: Path) -> None:
    with running_demo(tieout, tmp_path, "--port", "0") as demo:
        address = demo.address
        (simulator,) = children(demo.process.pid)
        demo.process.kill()
        demo.process.wait(timeout=30)
    wait_until_gone(simulator)
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address)


def test_somebodys_own_file_is_connected_synced_and_judged(tieout: Path, tmp_path: Path) -> None:
    from tieout import config

    file = config.load().test_data / "data" / "sie" / "sie_4.SE"
    if not file.exists():
        pytest.skip(f"the real files are not at {file.parent.parent} (TIEOUT_TEST_DATA)")
    with running_demo(tieout, tmp_path, "--port", "0", "--books", str(file.resolve())) as demo:
        ((name, row),) = companies(demo).items()
        assert name == "Övningsbolaget AB"
        assert "Proved" in row


def test_a_file_that_is_no_books_says_so_and_leaves_nothing_running(tieout: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear accountant")
    with running_demo(tieout, tmp_path, "--port", "0", "--books", "letter.txt") as demo:
        demo.line_with("letter.txt")
        assert demo.process.wait(timeout=60) == 2
