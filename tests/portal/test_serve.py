"""The server as a process: what it says, holds and leaves behind."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tieout.config import load
from tieout.portal.home import hold_home

PROGRAM = """
import sys
from tieout.config import SettingsError, load
from tieout.portal.home import HomeHeldError
from tieout.portal.serve import serve
try:
    sys.exit(serve(load(), port=0, die_with_parent="die" in sys.argv))
except HomeHeldError as error:
    print(error); sys.exit(4)
except SettingsError as error:
    print(error); sys.exit(2)
"""


def start(home: Path, **environment: str) -> subprocess.Popen[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=ours | {"TIEOUT_HOME": str(home)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(server: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"ended with {server.wait()} after saying: {said}")


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A running server, its first owner's link, its address."""
    server = start(home, **environment)
    try:
        link = read_until(server, r"once: (http\S+)")[1]
        yield server, link, read_until(server, r"ready: (http\S+)")[1]
    finally:
        server.kill()
        server.wait()


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_server_from_first_start_to_end(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as (server, link, address):
        assert link.startswith(f"{address}/welcome/")
        assert status(link) == 200
        assert status(f"{address}/accounts/login/") == 200
        assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
        assert (home / "lock").read_text().strip() == str(server.pid)

        second = start(home)
        said, _ = second.communicate(timeout=30)
        assert second.returncode == 4
        assert str(server.pid) in said

        server.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert server.wait(timeout=20) == 0
        assert time.monotonic() - began < 10
    with serving(home) as (_server, new_link, _address):
        assert new_link.rsplit("/", 2)[1] != link.rsplit("/", 2)[1], "the old link ends with a new one"


@pytest.mark.parametrize("url", ["http://books.example.com", "http://10.0.0.7:8000"])
def test_plain_http_on_a_network_is_refused(tmp_path: Path, url: str) -> None:
    server = start(tmp_path / "home", TIEOUT_PUBLIC_URL=url)
    said, _ = server.communicate(timeout=30)
    assert server.returncode == 2
    assert "plain http" in said


def ask(address: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, Message, str]:
    """One request as a proxy passes it on; redirects are not followed."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
    more = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers | more)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def test_https_address_makes_cookies_secure_and_forms_work_behind_a_proxy(tmp_path: Path) -> None:
    public = {"Host": "books.example.com", "Origin": "https://books.example.com"}
    server = start(tmp_path / "home", TIEOUT_PUBLIC_URL="https://books.example.com")
    try:
        link = read_until(server, r"once: https://books.example.com(\S+)")[1]
        inside = read_until(server, r"ready: https://books.example.com \(served on (http://127.0.0.1:\d+)\)")[1]
        code, headers, page = ask(inside, link, Host="books.example.com")
        assert code == 200
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        cookie = headers["Set-Cookie"]
        assert cookie.startswith("__Host-tieout_csrf=")
        assert "Secure" in cookie
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        form = {
            "csrfmiddlewaretoken": token[1],
            "name": "Test Owner",
            "email": "a@example.com",
            "password": "a fixture's passphrase",
        }
        code, headers, _page = ask(inside, link, form, Cookie=cookie.split(";")[0], **public)
        assert (code, headers["Location"]) == (302, "/sources/")
        assert "__Host-tieout_session" in str(headers)
        code, headers, _page = ask(inside, "/sources/", Host="127.0.0.1")
        assert (code, headers["Location"]) == (302, "https://books.example.com/sources/")
    finally:
        server.kill()
        server.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_server_that_should_dies_with_its_parent(tmp_path: Path) -> None:
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], 'die'])"
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
    starter = subprocess.Popen(
        [sys.executable, "-c", parent, PROGRAM],
        env=ours | {"TIEOUT_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        text=True,
    )
    read_until(starter, r"ready: (http\S+)")
    starter.kill()
    starter.wait()
    assert starter.stdout is not None
    starter.stdout.read()  # ends when the last process that could write to it has ended
    with hold_home(load({"TIEOUT_HOME": str(tmp_path / "home")})):
        pass


def test_an_answer_that_never_comes_keeps_no_server_from_ending(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.upkeep.hanging_server", "1"],
        env=ours | {"TIEOUT_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        read_until(server, "hangs")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    finally:
        server.kill()
        server.wait()
    with closing(sqlite3.connect(tmp_path / "home" / "app.db")) as portal:
        assert portal.execute("select state from syncs_sync").fetchall() == [("running",)], "the next start takes it up"
