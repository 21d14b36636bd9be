"""`tieout source`: data sources without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from tieout.cli import backend, home, stamp
from tieout.cli.backend import Backend, Facts, one_source
from tieout.cli.exit_codes import ExitCode, Failure, worst
from tieout.cli.progress import Progress
from tieout.config import Settings
from tieout.connectors.base import Secret
from tieout.sync.events import Cause, SyncFinished, TiedOut
from tieout.warehouse.base import CheckOutcome, Verdict

CODES = {
    Cause.TRY_LATER: ExitCode.TRY_LATER,
    Cause.COMPANY: ExitCode.COMPANY_MUST_ACT,
    Cause.OPERATOR: ExitCode.WRONG_USE,
    Cause.UNEXPECTED: ExitCode.FAULT,
}


def add_arguments(commands: Any) -> None:
    """`source list|add|sync|tie-out|remove`."""
    acts = commands.add_parser("source", help="data sources").add_subparsers(dest="act", required=True, metavar="ACT")

    listing = acts.add_parser("list", help="the data sources of a workspace")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)

    add = acts.add_parser("add", help="add a company whose client key is known")
    add.add_argument("connector", metavar="SYSTEM")
    add.add_argument("--client-key-file", type=Path, required=True, metavar="F")
    add.set_defaults(run=run_add)

    sync = acts.add_parser("sync", help="bring data sources up to date and tie them out")
    _add_choice(sync)
    sync.add_argument("--full", action="store_true", help="read everything anew")
    sync.add_argument(
        "--skip", action="append", default=[], metavar="STREAM", help="leave a stream out; may be repeated"
    )
    sync.set_defaults(run=run_sync)

    tie_out = acts.add_parser("tie-out", help="compare what is stored with the source's own totals, now")
    _add_choice(tie_out)
    tie_out.add_argument(
        "--date", type=date.fromisoformat, metavar="D", help="compare the ledger at this day too: YYYY-MM-DD"
    )
    tie_out.set_defaults(run=run_tie_out)

    witness = acts.add_parser(
        "witness", help="compare what is stored with a SAF-T file that the system itself exported"
    )
    witness.add_argument("source", metavar="SOURCE", help="id, organisation number or exact name")
    witness.add_argument("file", type=Path, metavar="FILE", help="SAF-T Financial: XML, or a zip of one")
    witness.add_argument("--json", action="store_true", help="the whole answer as one object on stdout")
    witness.set_defaults(run=run_witness)

    remove = acts.add_parser("remove", help="remove a data source; its credentials are destroyed at once")
    remove.add_argument("source", metavar="SOURCE", help="id, organisation number or exact name")
    remove.add_argument(
        "--delete-data", action="store_true", help="delete its rows, versions and published copies for good"
    )
    remove.set_defaults(run=run_remove)

    stamp.add_arguments(acts)
    for command in acts.choices.values():
        home.add_workspace_argument(command)
        command.set_defaults(is_for_servers=True)


def _add_choice(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("source", nargs="?", metavar="SOURCE", help="id, organisation number or exact name")
    which.add_argument("--all", action="store_true")
    command.add_argument("--json", action="store_true", help="one event a line on stdout")


def run_list(arguments: argparse.Namespace, settings: Settings) -> int:
    """Name, number, verdict and last complete sync of each."""
    with backend.opened(settings, arguments.workspace) as here:
        for facts in here.sources():
            line = (
                orjson.dumps(facts).decode()
                if arguments.json
                else "\t".join(str(fact or "–") for fact in facts.values())
            )
            sys.stdout.write(line + "\n")
    return ExitCode.PROVED


def run_add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove the key (token, company, organisation number) and store it. Raises Failure; then nothing was changed."""
    try:
        key = Secret(arguments.client_key_file.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise Failure(f"the client key file can't be read: {error.strerror}.", ExitCode.WRONG_USE) from error
    with backend.opened(settings, arguments.workspace) as here:
        added = here.add(arguments.connector, key)
    told = {name: added[name] for name in ("source", "organisation_number", "name")}
    sys.stdout.write(orjson.dumps(told).decode() + "\n")
    return ExitCode.PROVED


def run_sync(arguments: argparse.Namespace, settings: Settings) -> int:
    """Sync one or all, each to its end whatever becomes of the others."""
    with backend.opened(settings, arguments.workspace) as here:
        meant = _meant(here, arguments)
        asked = [here.sync(source, full=arguments.full, skip=arguments.skip) for source in meant]
        return _each(meant, asked, as_json=arguments.json)


def run_tie_out(arguments: argparse.Namespace, settings: Settings) -> int:
    """Tie out one or all, on what is stored."""
    with backend.opened(settings, arguments.workspace) as here:
        meant = _meant(here, arguments)
        asked = [here.tie_out(source, on=arguments.date) for source in meant]
        return _each(meant, asked, as_json=arguments.json, day=arguments.date)


def _meant(here: Backend, arguments: argparse.Namespace) -> Sequence[Facts]:
    sources = here.sources() if arguments.all else [one_source(here, arguments.source)]
    if not sources:
        raise Failure("there is no data source yet; add one with `tieout source add`.", ExitCode.WRONG_USE)
    return sources


def _each(
    sources: Sequence[Facts], asked: Sequence[Iterator[Facts]], *, as_json: bool, day: date | None = None
) -> ExitCode:
    return worst(
        [_told(source, events, as_json=as_json, day=day) for source, events in zip(sources, asked, strict=True)]
    )


def _told(source: Facts, events: Iterable[Facts], *, as_json: bool, day: date | None) -> ExitCode:
    """Tell the events of one source; its exit code. It is also about `day`, where somebody asked for one."""
    code = ExitCode.FAULT  # no verdict at all: the sync ended in a way that it shouldn't
    try:
        with Progress(source["name"], hidden=as_json) as progress:
            for event in events:
                if as_json:
                    sys.stdout.buffer.write(_line(event, source))
                    sys.stdout.flush()
                progress.show(event)
                code = _code(event, code)
                if event["event"] == TiedOut.name and day:
                    code = worst([code, *_codes_of_day(event, day)])
    except Failure as failure:  # of this one; the others have their turn all the same
        sys.stderr.write(f"tieout: {source['name']}: {failure}\n")
        return failure.code
    return code


def _codes_of_day(tie_out: Facts, day: date) -> Iterable[ExitCode]:
    """What the verdict does not say: it rests on the dates that every tie-out has."""
    codes = {CheckOutcome.DIFFERS.value: ExitCode.NOT_PROVED, CheckOutcome.COULD_NOT_CHECK.value: ExitCode.TRY_LATER}
    outcomes = [check["outcome"] for check in tie_out["checks"] if check["date"] == day.isoformat()]
    return [codes[outcome] for outcome in outcomes if outcome in codes]


def _line(event: Facts, source: Facts) -> bytes:
    facts = dict(event)
    whose = {"source": source["source"], "organisation_number": source["organisation_number"]}
    return orjson.dumps({"event": facts.pop("event"), "at": facts.pop("at"), **whose, **facts}) + b"\n"


def _code(event: Facts, so_far: ExitCode) -> ExitCode:
    """A verdict decides, unless the sync before it failed for a reason that somebody must act on."""
    cause = CODES[Cause(event["cause"])] if event.get("cause") else None
    if event["event"] == SyncFinished.name:
        return cause or (ExitCode.PROVED if event["outcome"] == "succeeded" else ExitCode.TRY_LATER)
    if event["event"] != TiedOut.name:
        return so_far
    verdicts = {Verdict.PROVED.value: ExitCode.PROVED, Verdict.NOT_PROVED.value: ExitCode.NOT_PROVED}
    verdict = verdicts.get(event["verdict"], cause or ExitCode.TRY_LATER)
    return verdict if so_far is ExitCode.FAULT else worst([so_far, verdict])


def run_witness(arguments: argparse.Namespace, settings: Settings) -> int:
    """Hold one source against a file. Raises Failure where the file can't be a witness."""
    with backend.opened(settings, arguments.workspace) as here:
        told = here.witness(one_source(here, arguments.source), arguments.file)
    if not arguments.json:
        told.pop("differences")
    sys.stdout.write(orjson.dumps(told).decode() + "\n")
    return ExitCode.PROVED if told["agrees"] else ExitCode.NOT_PROVED


def run_remove(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remove one source. Raises Failure when there is no such source."""
    with backend.opened(settings, arguments.workspace) as here:
        source = one_source(here, arguments.source)
        where = here.remove(source, delete_data=arguments.delete_data)
    sys.stderr.write(f"{source['name']} is removed. {where}\n")
    return ExitCode.PROVED
