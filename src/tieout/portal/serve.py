"""`tieout serve`: one process that owns TIEOUT_HOME, with pages and jobs as threads of it.

Waitress, since it really is one process: nothing can outlive it and keep the lock.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

from waitress.server import create_server

from tieout.config import Settings, SettingsError, is_loopback
from tieout.portal import tracing
from tieout.portal.home import hold_home, prepare
from tieout.portal.upkeep.memory import keep_small

THREADS = 8
# A SAF-T file is the largest thing that a form takes (witnesses.forms); waitress would take five times that from anybody.
MOST_BODY_BYTES = 210 * 1024**2
MOST_HEADER_BYTES = 64 * 1024
# Who opens connections and sends a letter now and then holds memory, never a thread: many may, and the idle are let go soon.
MOST_CONNECTIONS = 500
IDLE_SECONDS = 30
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LEAVE_WITHIN_SECONDS = 27  # who sends SIGTERM commonly sends SIGKILL after 30
ENDING = (signal.SIGTERM, signal.SIGINT)
PROXY_HEADERS = {"x-forwarded-for"}


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    die_with_parent: bool = False,
    leave_within: float = LEAVE_WITHIN_SECONDS,
    on_ready: Callable[[], None] = lambda: None,
) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code 0. Port 0 takes a free one.

    Syncs stop after their page and go on at the next start. What doesn't stop (an answer that never comes) is left
    `leave_within` seconds after the signal: a process that dies loses nothing either.
    Prints one line with the address when ready, then calls `on_ready`. Raises HomeHeldError (exit 4), SettingsError (exit 2).
    """
    keep_small()
    tracing.follow(settings)
    if die_with_parent:
        _die_with_parent()
    with hold_home(settings), _bound(host, port) as listener:
        settings = replace(settings, public_url=settings.public_url or _address(host, listener.getsockname()[1]))
        _refuse_plain_http(settings)
        prepare(settings)
        _invite_first_owner(settings)
        with _ending_on_signals(leave_within), _jobs(settings), _commands(settings):
            _serve_pages(settings, listener, on_ready)
    return 0


def _serve_pages(settings: Settings, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    from tieout.portal.wsgi import application

    server = create_server(application, **_waitress_options(settings, listener))
    host, port = listener.getsockname()[:2]
    behind = "" if settings.public_url == _address(host, port) else f" (served on {_address(host, port)})"
    _say(f"Tieout is ready: {settings.public_url}{behind}")
    on_ready()
    try:
        server.run()
    finally:
        server.close()


def _waitress_options(settings: Settings, listener: socket.socket) -> dict[str, Any]:
    options: dict[str, Any] = {
        "sockets": [listener],
        "threads": THREADS,
        "ident": "",
        "channel_request_lookahead": 1,  # so that a long question can see that its browser has left
        # What Django then takes for the scheme: the public one, whatever a proxy speaks to us.
        "url_scheme": urlsplit(settings.public_url or "").scheme,
        "clear_untrusted_proxy_headers": True,
        "max_request_body_size": MOST_BODY_BYTES,
        "max_request_header_size": MOST_HEADER_BYTES,
        "connection_limit": MOST_CONNECTIONS,
        "channel_timeout": IDLE_SECONDS,
    }
    if not is_loopback(settings.public_url or ""):
        # The proxy in front, on this machine, tells whose request it is; limits on signing in count by that.
        options |= {"trusted_proxy": "127.0.0.1", "trusted_proxy_count": 1, "trusted_proxy_headers": PROXY_HEADERS}
    return options


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on the address: bound, so that the port is ours and known, but not listening before all is ready."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Can't serve on {host}:{port}: {error.strerror}. Choose another with --port."
            ) from error
        yield listener


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse_plain_http(settings: Settings) -> None:
    url = settings.public_url or ""
    if not url.startswith("https://") and not is_loopback(url):
        raise SettingsError(
            f"{url} would be plain http on a network: passwords and books could be read on the way."
            " Set TIEOUT_PUBLIC_URL to the https address of the proxy in front. Nothing was started."
        )


def _invite_first_owner(settings: Settings) -> None:
    """While nobody can sign in: a one-time link on the console, which only the operator sees."""
    from tieout.portal.people.actions import LINK_HOURS, invite_first_owner

    if token := invite_first_owner():
        _say(f"Make the first account within {LINK_HOURS} hours, once: {settings.public_url}/welcome/{token}/")


@contextmanager
def _jobs(settings: Settings) -> Iterator[None]:
    """Background jobs of the app `syncs`, as threads of this process."""
    jobs = importlib.import_module("tieout.portal.syncs.jobs")
    sources = importlib.import_module("tieout.portal.sources.actions")
    # Before any sync begins, which would have to be stopped for it.
    importlib.import_module("tieout.portal.personal.actions").finish_choices()
    jobs.start(settings)
    importlib.import_module("tieout.portal.removals.actions").finish_removals()
    sources.finish_removals()
    try:
        yield
    finally:
        jobs.stop()


@contextmanager
def _commands(settings: Settings) -> Iterator[None]:
    """What commands have this server do, since it holds TIEOUT_HOME."""
    control = importlib.import_module("tieout.portal.upkeep.control")
    acts = importlib.import_module("tieout.portal.upkeep.acts")
    with control.listening(settings.home, acts.ACTS):
        yield


@contextmanager
def _ending_on_signals(leave_within: float) -> Iterator[None]:
    last = threading.Timer(leave_within, os._exit, [0])
    last.daemon = True

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)  # a second one would break the first one's work
        last.start()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _die_with_parent() -> None:
    """Have the kernel end this process when its parent ends, however that happens (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:  # it ended before we could ask
            raise SystemExit(0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
