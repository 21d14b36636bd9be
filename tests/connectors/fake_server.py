"""A server that answers as a test says: for behaviour on the wire that the simulator does not have."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What to answer. `cut` bytes of the body are promised and never sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0

    @classmethod
    def of(cls, value: Any, status: int = 200, *, zipped: bool = False, headers: dict[str, str] | None = None) -> Reply:
        body, told = json.dumps(value).encode(), headers or {}
        if zipped:
            return cls(status, gzip.compress(body), {"Content-Encoding": "gzip", **told})
        return cls(status, body, dict(told))


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Callers that hang up are part of the tests."""


class FakeServer:
    """Answers with `answer`, remembers what was asked."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(fake) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                address = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, address.path, dict(parse_qsl(address.query)), dict(self.headers), body)
                with fake._lock:
                    fake.asked.append(asked)
                self.reply(fake.answer(asked))

            def reply(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.status != 204:
                    self.send_header("Content-Length", str(len(reply.body) + reply.cut))
                self.end_headers()
                self.wfile.write(reply.body)
                self.close_connection = self.close_connection or reply.cut > 0

            do_GET = do_POST = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


@contextmanager
def fake_server(answer: Callable[[Asked], Reply]) -> Iterator[FakeServer]:
    """A server on a free port of this machine, ended with the block."""
    server = FakeServer(answer)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
