"""`tieout simulate`: the server's life, and what it says at the start."""

from __future__ import annotations

import argparse
import errno
import gc
import signal
import socket
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from tieout.simulator.books.company import Company
from tieout.simulator.books.invent import GENERATION, invent_companies
from tieout.simulator.books.load import BooksFileError, load_companies
from tieout.simulator.poweroffice.app import application
from tieout.simulator.poweroffice.clock import Clock
from tieout.simulator.poweroffice.service import PRODUCTION, Service
from tieout.simulator.poweroffice.state import Kept, StateError, open_state

HOST = "127.0.0.1"
DONE, WRONG_USE = 0, 2  # exit codes
_SECONDS_TO_END = 1


class StartError(Exception):
    """The simulator can't start. The text says what to do."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT. 0 at the end; 2 when it could not start."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does, also before the server listens
    try:
        with listen(arguments.port) as listener:
            service, kept = start(arguments)
            app = application(service, control=arguments.control)
            gc.freeze()  # the books stay: looking through them again and again would be half of a large page's time
            _announce(service, listener)
            _serve(app, listener, kept)
    except (StartError, StateError, BooksFileError) as error:
        sys.stderr.write(f"tieout simulate: {error}\n")
        return WRONG_USE
    except KeyboardInterrupt:
        pass  # uvicorn repeats the signal that ended it
    return DONE


def start(arguments: argparse.Namespace) -> tuple[Service, Kept | None]:
    """Companies, clock and what was kept of an earlier time. Raises StateError, BooksFileError."""
    books = [path.resolve() for path in arguments.books or ()]
    told = {
        "generation": GENERATION,
        "seed": arguments.seed,
        "size": None if books else arguments.size,
        "books": [str(path) for path in books],
    }
    kept = open_state(arguments.state, told) if arguments.state else None
    begun = kept.begun if kept and kept.begun else arguments.now or datetime.now(UTC)
    companies = _companies(books, arguments.size, arguments.seed, begun)
    now = kept.resume(companies, arguments.now, live=arguments.live) if kept else begun
    service = Service(
        companies,
        Clock(now, time.time if arguments.live else time.monotonic),  # monotonic stands still while a machine sleeps
        latency=arguments.latency_ms / 1000,
        throttle=not arguments.no_throttle,
        live=arguments.live,
    )
    if kept:
        kept.attach(service, begun)
    return service, kept


def _companies(books: Sequence[Path], size: str, seed: int, now: datetime) -> list[Company]:
    return load_companies(books, now=now) if books else invent_companies(size=size, seed=seed, now=now)


def listen(port: int) -> socket.socket:
    """A listening socket on this machine only. Raises StartError when somebody else has the port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"port {port} is taken by another program; choose another with --port.") from error
        raise StartError(f"can't listen on port {port}: {error.strerror}.") from error
    except OverflowError as error:
        listener.close()
        raise StartError(f"{port} is no port; ports go from 0 to 65535.") from error
    return listener


def _announce(service: Service, listener: socket.socket) -> None:
    """One line on stdout, with the address; the companies on stderr."""
    port = listener.getsockname()[1]
    for activation in service.activations.values():
        profile = activation.books.profile
        sys.stderr.write(f"{profile.name}  {profile.organisation_number}  client key {activation.key(PRODUCTION)}\n")
        for remark in activation.books.remarks:
            sys.stderr.write(f"  {remark}\n")
    sys.stderr.flush()
    sys.stdout.write(f"PowerOffice Go (simulated) listens on http://{HOST}:{port}\n")
    sys.stdout.flush()


def server(app: ASGIApp) -> uvicorn.Server:
    """The server that answers; `run(sockets=[...])` serves, `should_exit` ends it."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        date_header=False,  # the simulator's clock gives Date
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_SECONDS_TO_END,
        timeout_keep_alive=60,
    )
    return uvicorn.Server(config)


def _serve(app: ASGIApp, listener: socket.socket, kept: Kept | None) -> None:
    try:
        server(app).run(sockets=[listener])
    finally:
        if kept:
            kept.save()
