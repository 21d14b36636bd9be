"""`tieout doctor` and `tieout probe`: is everything well that we stand on, and what does the vendor really answer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure, worst
from tieout.config import Settings
from tieout.connectors.first_contact import Finding, FirstContact, Probed, State
from tieout.portal.bootstrap import start_django
from tieout.portal.home import HomeHeldError, hold_home, prepare

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source

CODES = {State.WRONG: ExitCode.WRONG_USE, State.COMPANY: ExitCode.COMPANY_MUST_ACT, State.LATER: ExitCode.TRY_LATER}
WORDS = {
    State.WELL: "ok",
    State.NOTICE: "note",
    State.UNKNOWN: "unknown",
    State.WRONG: "WRONG",
    State.COMPANY: "COMPANY",
    State.LATER: "LATER",
}


def add_arguments(commands: Any) -> None:
    """The two commands and their options."""
    doctor = commands.add_parser("doctor", help="is everything well that this installation stands on, and what to do")
    doctor.add_argument("--json", action="store_true", help="one finding a line on stdout")
    doctor.set_defaults(run=run_doctor)

    probe = commands.add_parser("probe", help="ask the vendor what its documentation leaves open; changes nothing")
    probe.add_argument("--source", required=True, metavar="SOURCE", help="id, organisation number or exact name")
    probe.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="where probe.md and probe.json are put")
    probe.add_argument("--json", action="store_true", help="the report on stdout as JSON, not as Markdown")
    probe.add_argument("--provoke-limit", action="store_true", help="also go over the limit once, for a second")
    home.add_workspace_argument(probe)
    probe.set_defaults(run=run_probe)


def run_doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Tell every finding as it is made; the exit code is that of the worst."""
    states = []
    for finding in _findings(settings):
        states.append(finding.state)
        sys.stdout.write(_line(finding, as_json=arguments.json))
        sys.stdout.flush()
    return worst(CODES.get(state, ExitCode.PROVED) for state in states)


def _findings(settings: Settings) -> Iterator[Finding]:
    from tieout.portal.installation import checks

    address = checks.public_address(settings)
    post = checks.mail(settings)
    if State.WRONG in (address.state, post.state):  # the portal does not start with these: say so, and no more
        yield address
        yield post
        return
    with _beside(settings):
        from tieout.portal.installation import examination
        from tieout.portal.sources.models import Source
        from tieout.portal.workspaces.models import Workspace

        yield from examination.here()
        yield from examination.vendors()
        for workspace in Workspace.objects.all():
            yield from examination.granted(Source.objects.in_workspace(workspace).connected())


@contextmanager
def _beside(settings: Settings) -> Iterator[None]:
    """The portal's tables, held if nobody has them; read beside a running server else."""
    try:
        with home.told_plainly(), hold_home(settings):
            prepare(settings)
            yield
    except Failure as failure:
        if not isinstance(failure.__cause__, HomeHeldError):
            raise
        start_django(settings)
        yield


def _line(finding: Finding, *, as_json: bool) -> str:
    if as_json:
        return orjson.dumps(finding.as_json()).decode() + "\n"
    advice = f"\n         {finding.advice_in_full}" if finding.advice else ""
    return f"{WORDS[finding.state]:8} {finding.subject}: {finding.found_in_full}{advice}\n"


def run_probe(arguments: argparse.Namespace, settings: Settings) -> int:
    """Probe with one company's key, and write the report. Raises Failure."""
    if not arguments.to.is_dir():
        raise Failure(f"there is no folder {arguments.to}.", ExitCode.WRONG_USE)
    with _beside(settings), home.told_plainly():
        told = _probed(arguments)
    _write(told, arguments.to)
    sys.stdout.write(orjson.dumps(told.as_json()).decode() + "\n" if arguments.json else told.as_markdown())
    return ExitCode.PROVED


def _probed(arguments: argparse.Namespace) -> Probed:
    from tieout.portal.installation.examination import callback_of
    from tieout.portal.sources.actions import client_key
    from tieout.portal.sources.queries import connector_of

    source = _source(arguments.source, arguments.workspace)
    connector = connector_of(source)
    if not isinstance(connector, FirstContact):
        raise Failure(f"{connector.title} has no open questions to ask.", ExitCode.WRONG_USE)
    callback = callback_of(connector.name)
    return connector.probe(client_key(source), callback=callback, provoke_limit=arguments.provoke_limit)


def _source(wanted: str, workspace: str | None) -> Source:
    from tieout.portal.sources.models import Source

    sources = Source.objects.in_workspace(home.workspace(workspace, make=False))
    matching = [one for one in sources if wanted in (str(one.pk), one.organisation_number, one.name)]
    if len(matching) != 1:
        what = "several data sources are" if matching else "no data source is"
        raise Failure(f"{what} called {wanted!r}; give its id, organisation number or exact name.", ExitCode.WRONG_USE)
    return matching[0]


def _write(told: Probed, folder: Path) -> None:
    try:
        (folder / "probe.md").write_text(told.as_markdown(), encoding="utf-8")
        (folder / "probe.json").write_bytes(orjson.dumps(told.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise Failure(f"the report can't be written to {folder}: {error.strerror}.", ExitCode.WRONG_USE) from error
    sys.stderr.write(f"{told.requests} requests; the report is in {folder / 'probe.md'} and {folder / 'probe.json'}.\n")
