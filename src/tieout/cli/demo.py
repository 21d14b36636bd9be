"""`tieout demo`: a simulated PowerOffice Go and the portal, one company connected; nothing is left running after Ctrl-C."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import httpx2

from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import SIMULATOR_APPLICATION_KEY, SIMULATOR_SUBSCRIPTION_KEY, Settings
from tieout.connectors.base import Secret

EMAIL = "demo@example.com"
PASSWORD = "invented books"  # noqa: S105 - opens invented books on this machine only
NAME = "Demo Owner"
HOME = Path(".demo")
HOST = "127.0.0.1"
PORT = 8000
SIMULATOR_PORT = 9100


def add_arguments(commands: Any) -> None:
    """`demo [--books FILE ...] [--reset] [--port P]`."""
    command = commands.add_parser("demo", help="start a simulated PowerOffice Go and the portal, one company connected")
    command.add_argument(
        "--books", nargs="+", type=Path, default=[], metavar="FILE", help="SAF-T or SIE 4 files to show as companies"
    )
    command.add_argument("--reset", action="store_true", help="start over, with nothing left of the last demo")
    command.add_argument("--port", type=int, default=PORT)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run until Ctrl-C. Raises Failure when a file or a port is no good; then nothing is left running."""
    for path in arguments.books:
        if not path.is_file():
            raise Failure(f"there is no file {path}.", ExitCode.WRONG_USE)
    folder = _folder(arguments.books)
    if arguments.reset:
        shutil.rmtree(folder, ignore_errors=True)
    with home.told_plainly(), simulator(folder, arguments.books) as url:
        ours = _settings(settings, folder, url)
        _connect(ours, every=bool(arguments.books))
        return _serve(ours, _free(arguments.port))


def _folder(books: Sequence[Path]) -> Path:
    """The demo's own TIEOUT_HOME; files of somebody's own get one of their own."""
    if not books:
        return HOME.resolve()
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in books)).hexdigest()[:8]
    return (HOME / f"{books[0].stem}-{mark}").resolve()


def _settings(settings: Settings, folder: Path, url: str) -> Settings:
    return replace(
        settings,
        home=folder,
        public_url=None,
        secret_key_file=folder / "secret.key",
        poweroffice_url=url,
        poweroffice_application_key=SIMULATOR_APPLICATION_KEY,
        poweroffice_subscription_key=SIMULATOR_SUBSCRIPTION_KEY,
        email_url="console:",
        demo_control=f"{url}/_simulator",
    )


@contextmanager
def simulator(folder: Path, books: Sequence[Path]) -> Iterator[str]:
    """A simulated PowerOffice Go that ends with this process, however that ends; its address."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder / "simulator"
    state.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "tieout.simulator",
        "--port",
        str(_free(SIMULATOR_PORT)),
        "--state",
        str(state),
        "--control",
    ]
    command += ["--books", *map(str, books)] if books else ["--size", "demo", "--live"]
    with (folder / "simulator.log").open("w+", encoding="utf-8") as log:
        child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True, preexec_fn=_die_with_parent
        )
        try:
            yield _address(child, log)
        finally:
            child.terminate()
            child.wait()


def _die_with_parent() -> None:
    import ctypes

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _address(child: subprocess.Popen[str], log: IO[str]) -> str:
    assert child.stdout is not None
    for line in child.stdout:
        if "http://" in line:
            return line[line.index("http://") :].strip()
    log.seek(0)
    raise Failure(f"the simulator did not start. It says: {log.read().strip()}", ExitCode.WRONG_USE)


def _free(wanted: int) -> int:
    """The wanted port, or another one where somebody else has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Failure("no port is free on this machine.", ExitCode.TRY_LATER)


def _connect(settings: Settings, *, every: bool) -> None:
    """Make the person and the first company's data source (`every`: all companies'), unless an earlier demo did."""
    with home.portal(settings):
        from tieout.portal.people.actions import add_person
        from tieout.portal.people.models import Person
        from tieout.portal.sources.models import Source

        workspace = home.workspace("Demo")
        if not Person.objects.filter(email=EMAIL).exists():
            add_person(workspace, email=EMAIL, name=NAME, role="owner", password=PASSWORD)
        companies = httpx2.get(f"{settings.poweroffice_url}/_simulator/companies", timeout=60).json()["companies"]
        for company in companies if every else companies[:1]:
            if (
                not Source.objects.in_workspace(workspace)
                .filter(organisation_number=company["organisation_number"])
                .exists()
            ):
                _add(workspace, Secret(company["client_key"]))


def _add(workspace: Any, key: Secret) -> None:
    from django.conf import settings as django_settings

    from tieout.portal.sources.actions import create_source
    from tieout.portal.syncs.actions import request_sync

    (connector,) = django_settings.CONNECTORS.values()
    reader = connector.open(key)
    try:
        source = create_source(workspace, connector=connector.name, company=reader.company(), client_key=key)
    finally:
        reader.close()
    request_sync(source, reason="first")


def _serve(settings: Settings, port: int) -> int:
    from tieout.portal.serve import serve

    told = threading.Thread(target=_tell_when_synced, args=(f"http://{HOST}:{port}",), daemon=True)
    return serve(settings, host=HOST, port=port, on_ready=told.start)


def _tell_when_synced(address: str) -> None:
    """Say where to go, once the first company's books are there."""
    from tieout.portal.sources.models import Source

    asked = threading.Event()
    while (
        Source.objects.filter(first_sync_done_at=None).exists()
        and Source.objects.filter(last_complete_at=None).exists()
    ):
        asked.wait(0.3)
    sys.stderr.write(
        f"\n  Open {address}\n  Sign in as {EMAIL} with the password {PASSWORD}\n  Ctrl-C ends all of it.\n\n"
    )
    sys.stderr.flush()
