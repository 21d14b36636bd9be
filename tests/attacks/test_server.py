"""The real server against clients that send too much, too slowly, or what no browser would."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from tests.portal.test_serve import serving
from tieout.portal import serve
from tieout.portal.witnesses.forms import MOST_MEGABYTES


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Host and port of one server for all tests here."""
    with serving(tmp_path_factory.mktemp("server") / "home") as (_process, _link, url):
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


def raw(address: tuple[str, int], request: bytes) -> bytes:
    """All that comes back for these very bytes."""
    with closing(socket.create_connection(address, timeout=20)) as connection:
        connection.sendall(request)
        answer = b""
        while some := connection.recv(65_536):
            answer += some
    return answer


def get(address: tuple[str, int], target: str = "/accounts/login/", *headers: str) -> bytes:
    lines = [f"GET {target} HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Connection: close", *headers]
    return raw(address, "\r\n".join([*lines, "", ""]).encode("latin-1"))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(address: tuple[str, int]) -> None:
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nContent-Length: {serve.MOST_BODY_BYTES + 1}\r\n"
    assert status(raw(address, f"{head}Connection: close\r\n\r\n".encode())) == 413


def test_a_form_without_a_file_may_be_small_only(address: tuple[str, int]) -> None:
    body = b"login=" + b"x" * 3_000_000
    head = (
        f"POST /accounts/login/ HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nCookie: tieout_csrf=x\r\nConnection: close\r\n\r\n"
    )
    assert status(raw(address, head.encode() + body)) in (400, 403, 413)


def test_a_head_that_is_too_large_is_refused(address: tuple[str, int]) -> None:
    assert status(get(address, "/accounts/login/", f"X-Long: {'x' * serve.MOST_HEADER_BYTES}")) == 431


def test_clients_that_never_finish_their_question_keep_nobody_waiting(address: tuple[str, int]) -> None:
    with ExitStack() as stack:
        for _ in range(150):  # more than waitress would have let in
            slow = stack.enter_context(closing(socket.create_connection(address, timeout=20)))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert status(get(address)) == 200


@pytest.mark.parametrize(
    "target", ["http://evil.example/", "//evil.example/", "@evil.example/", "\\\\evil.example/", "evil.example:80", "*"]
)
def test_a_target_that_no_browser_sends_leads_to_no_other_host(address: tuple[str, int], target: str) -> None:
    head = get(address, target).partition(b"\r\n\r\n")[0].lower()
    for line in head.split(b"\r\n"):
        if line.startswith(b"location:"):
            where = line.removeprefix(b"location:").strip()
            assert where.startswith((b"/", f"http://{address[0]}:{address[1]}/".encode())), where
            assert not where.startswith(b"//"), where


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "x@evil.example", "[::1", "a b", ""])
def test_another_host_is_sent_to_ours(address: tuple[str, int], host: str) -> None:
    request = f"GET /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    answer = raw(address, request.encode())
    assert status(answer) in (302, 400)
    assert b"evil" not in answer


def test_a_request_hidden_in_another_one_is_not_answered(address: tuple[str, int]) -> None:
    hidden = f"GET /healthz HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\n\r\n"
    host = f"Host: {address[0]}:{address[1]}\r\nConnection: close\r\n"
    for lengths in (
        f"Content-Length: {len(hidden)}\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 0\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: xchunked\r\n",
    ):
        answer = raw(address, f"GET /accounts/login/ HTTP/1.1\r\n{host}{lengths}\r\n0\r\n\r\n{hidden}".encode())
        assert answer.count(b"HTTP/1.1 ") <= 1, lengths


def test_the_server_says_nothing_of_itself(address: tuple[str, int]) -> None:
    head = get(address).partition(b"\r\n\r\n")[0].lower()
    for name in (b"server:", b"waitress", b"django", b"python"):
        assert name not in head


def test_the_largest_file_of_a_form_fits_and_the_idle_are_let_go() -> None:
    assert serve.MOST_BODY_BYTES > MOST_MEGABYTES * 1024**2
    assert serve.IDLE_SECONDS <= 30
