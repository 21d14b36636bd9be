"""How a command reaches the server that holds TIEOUT_HOME: a socket in it, open to its owner only.

One JSON line asks, JSON lines answer as the work goes on, and the last says how it ended.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tieout.portal.upkeep.errors import UpkeepError

log = logging.getLogger(__name__)

NAME = "control"
Told = dict[str, Any]
Acts = Mapping[str, Callable[..., Iterator[Told]]]


class NobodyThereError(Exception):
    """No server listens: whoever holds TIEOUT_HOME is a command, or is just starting or ending."""


@contextmanager
def listening(home: Path, acts: Acts) -> Iterator[None]:
    """Answer commands until the block ends. Only for the holder of TIEOUT_HOME."""
    with _address(home) as address, socket.socket(socket.AF_UNIX) as listener:
        (home / NAME).unlink(missing_ok=True)  # of one that was killed
        listener.bind(address)
        (home / NAME).chmod(0o600)
        listener.listen()
        threading.Thread(target=_accept, args=(listener, acts), name="control", daemon=True).start()
        try:
            yield
        finally:
            (home / NAME).unlink(missing_ok=True)
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def ask(home: Path, act: str, **arguments: Any) -> Iterator[Told]:
    """Have the server do something, and tell what it tells. Raises NobodyThereError, UpkeepError."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            with _address(home) as address:
                connection.connect(address)
        except OSError as error:
            raise NobodyThereError from error
        with connection.makefile("rw", encoding="utf-8") as lines:
            lines.write(json.dumps({"act": act, "arguments": arguments}) + "\n")
            lines.flush()
            yield from _answers(lines)


def _answers(lines: Any) -> Iterator[Told]:
    for line in lines:
        told: Told = json.loads(line)
        if "ended" in told:
            if told["ended"] != "well":
                raise UpkeepError(told["message"], is_temporary=told["is_temporary"])
            return
        yield told
    raise UpkeepError("The server ended before it was done; nothing half is left. Try again.", is_temporary=True)


def _accept(listener: socket.socket, acts: Acts) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # closed: the server ends
            return
        threading.Thread(target=_serve, args=(connection, acts), daemon=True).start()


def _serve(connection: socket.socket, acts: Acts) -> None:
    """One command. Its work ends with its connection: who interrupts it wants it to end."""
    with connection, connection.makefile("rw", encoding="utf-8") as lines, suppress(OSError):
        try:
            asked = json.loads(lines.readline())
            for told in acts[asked["act"]](**asked["arguments"]):
                _say(lines, told)
            _say(lines, {"ended": "well"})
        except UpkeepError as error:
            _say(lines, {"ended": "refused", "message": str(error), "is_temporary": error.is_temporary})
        except Exception as error:
            log.exception("What a command asked for failed.")
            why = f"The server could not do it ({type(error).__name__}); its log says why. Nothing half is left."
            _say(lines, {"ended": "failed", "message": why, "is_temporary": True})


def _say(lines: Any, told: Told) -> None:
    lines.write(json.dumps(told) + "\n")
    lines.flush()


@contextmanager
def _address(home: Path) -> Iterator[str]:
    """The socket's address. A path of more than a hundred letters is none, so it goes by way of the folder's handle."""
    if not Path("/proc/self/fd").exists():
        yield str(home / NAME)
        return
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{NAME}"
    finally:
        os.close(folder)
