"""kill -9 while the mail server takes a message: the next start sends it to nobody a second time."""

from __future__ import annotations

import os
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROCESS = Path(__file__).with_name("mail_process.py")
ROOT = PROCESS.parents[3]


class MailServer(socketserver.ThreadingTCPServer):
    """Takes messages. While it `keeps_silent` it never says that it did, which is when a server is killed."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[str] = []
        self.keeps_silent = True
        self.has_one = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    """One connection: as much of SMTP as a client needs."""

    server: MailServer

    def handle(self) -> None:
        self._say("220 fixture")
        while line := self.rfile.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take()
                if self.server.keeps_silent:
                    self.rfile.read()  # until the other side is dead
                    return
            self._say("221 bye" if word == b"QUIT" else "250 fine")

    def _take(self) -> None:
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line
        self.server.taken.append(text.decode())
        self.server.has_one.set()

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def test_killed_while_a_message_is_taken_it_is_not_sent_twice(tmp_path: Path) -> None:
    with mail_server() as server:
        words = [sys.executable, "-m", "tests.portal.alerts.mail_process", str(tmp_path), str(server.server_address[1])]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            sending = int(process.stdout.readline())
            assert server.has_one.wait(60)
            server.keeps_silent = False  # to the next one
            os.kill(sending, signal.SIGKILL)
            assert process.wait(60) == 0
        assert len(server.taken) == 1
        assert "not proved" in server.taken[0]
    with sqlite3.connect(tmp_path / "app.db") as portal:
        assert portal.execute("select state, phase from alerts_message").fetchall() == [("unsure", "begin")]
