"""`tieout source`: data sources without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from tieout.cli import home, stamp
from tieout.cli.exit_codes import ExitCode, Failure, worst
from tieout.cli.progress import Progress
from tieout.config import Settings
from tieout.connectors.base import Secret
from tieout.portal.upkeep.disk import disk_of
from tieout.sync.events import Cause, Event, SyncFinished, TiedOut
from tieout.warehouse.base import BusyError, CheckOutcome, Verdict

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source

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

    for command in (listing, add, sync, tie_out, witness, remove):
        home.add_workspace_argument(command)
    stamp.add_arguments(acts, _source)


def _add_choice(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("source", nargs="?", metavar="SOURCE", help="id, organisation number or exact name")
    which.add_argument("--all", action="store_true")
    command.add_argument("--json", action="store_true", help="one event a line on stdout")


def run_list(arguments: argparse.Namespace, settings: Settings) -> int:
    """Name, number, verdict and last complete sync of each."""
    with home.portal(settings):
        for source in _sources(arguments.workspace):
            facts = {
                "source": str(source.pk),
                "organisation_number": source.organisation_number,
                "name": source.name,
                "approval": source.approval_state,
                "verdict": source.verdict or None,
                "last_complete_at": source.last_complete_at.isoformat() if source.last_complete_at else None,
            }
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
    with home.portal(settings):
        source = _add(arguments.connector, key, arguments.workspace)
        facts = {"source": str(source.pk), "organisation_number": source.organisation_number, "name": source.name}
    sys.stdout.write(orjson.dumps(facts).decode() + "\n")
    return ExitCode.PROVED


def _add(name: str, key: Secret, workspace: str | None) -> Source:
    from django.conf import settings as django_settings

    from tieout.portal.sources.actions import AlreadyThereError, create_source

    connector = django_settings.CONNECTORS.get(name)
    if connector is None:
        known = ", ".join(sorted(django_settings.CONNECTORS))
        raise Failure(f"there is no integration {name!r}; there is: {known}.", ExitCode.WRONG_USE)
    reader = connector.open(key, hurried=True)
    try:
        company = reader.company()
    finally:
        reader.close()
    try:
        return create_source(home.workspace(workspace), connector=name, company=company, client_key=key)
    except AlreadyThereError as error:
        raise Failure(
            f"{company.name} is a data source of this workspace already; nothing was changed.", ExitCode.WRONG_USE
        ) from error


def run_sync(arguments: argparse.Namespace, settings: Settings) -> int:
    """Sync one or all, each to its end whatever becomes of the others."""
    from tieout.sync.run import Deferred, Options

    options = Options(full=arguments.full, skip=frozenset(arguments.skip), deferred=Deferred.ALL)
    with home.portal(settings):
        _require_room(settings)
        from tieout.portal.syncs.actions import perform

        return _each(arguments, lambda source: perform(source, options=options, reason="command"))


def _require_room(settings: Settings) -> None:
    disk = disk_of(settings)
    if disk.is_full:
        raise Failure(
            f"the disk of {settings.home} is {disk.percent} % full (limit {disk.limit} %), so new syncs wait. What is stored"
            " is safe. Make room, or set TIEOUT_DISK_PERCENT.",
            ExitCode.TRY_LATER,
        )


def run_tie_out(arguments: argparse.Namespace, settings: Settings) -> int:
    """Tie out one or all, on what is stored."""
    with home.portal(settings):
        from tieout.portal.syncs.actions import perform_tie_out

        return _each(arguments, lambda source: perform_tie_out(source, reason="command", on=arguments.date))


def _each(arguments: argparse.Namespace, perform: Callable[[Source], Iterable[Event]]) -> int:
    sources = _sources(arguments.workspace) if arguments.all else [_source(arguments.source, arguments.workspace)]
    if not sources:
        raise Failure("there is no data source yet; add one with `tieout source add`.", ExitCode.WRONG_USE)
    day = getattr(arguments, "date", None)
    return worst([_told(source, perform(source), as_json=arguments.json, day=day) for source in sources])


def _told(source: Source, events: Iterable[Event], *, as_json: bool, day: date | None) -> ExitCode:
    """Tell the events of one source; its exit code. It is also about `day`, where somebody asked for one."""
    code = ExitCode.FAULT  # no verdict at all: the sync ended in a way that it shouldn't
    with Progress(source.name, hidden=as_json) as progress:
        for event in events:
            if as_json:
                sys.stdout.buffer.write(_line(event, source))
                sys.stdout.flush()
            progress.show(event)
            if isinstance(event, SyncFinished | TiedOut):
                code = _code(event, code)
            if isinstance(event, TiedOut) and day:
                code = worst([code, *_codes_of_day(event, day)])
    return code


def _codes_of_day(event: TiedOut, day: date) -> Iterable[ExitCode]:
    """What the verdict does not say: it rests on the dates that every tie-out has."""
    codes = {CheckOutcome.DIFFERS: ExitCode.NOT_PROVED, CheckOutcome.COULD_NOT_CHECK: ExitCode.TRY_LATER}
    return (codes[check.outcome] for check in event.tie_out.checks if check.date == day and check.outcome in codes)


def _line(event: Event, source: Source) -> bytes:
    told = event.as_json()
    whose = {"source": str(source.pk), "organisation_number": source.organisation_number}
    return orjson.dumps({"event": told.pop("event"), "at": told.pop("at"), **whose, **told}) + b"\n"


def _code(event: SyncFinished | TiedOut, so_far: ExitCode) -> ExitCode:
    """A verdict decides, unless the sync before it failed for a reason that somebody must act on."""
    if isinstance(event, SyncFinished):
        return (
            CODES[event.cause]
            if event.cause
            else ExitCode.PROVED
            if event.outcome == "succeeded"
            else ExitCode.TRY_LATER
        )
    match event.verdict:
        case Verdict.PROVED:
            verdict = ExitCode.PROVED
        case Verdict.NOT_PROVED:
            verdict = ExitCode.NOT_PROVED
        case _:
            verdict = CODES[event.cause] if event.cause else ExitCode.TRY_LATER
    return verdict if so_far is ExitCode.FAULT else worst([so_far, verdict])


def run_witness(arguments: argparse.Namespace, settings: Settings) -> int:
    """Hold one source against a file. Raises Failure where the file can't be a witness."""
    from tieout.sync.witness.errors import WitnessError

    with home.portal(settings):
        from tieout.portal.witnesses.actions import hear

        source = _source(arguments.source, arguments.workspace)
        try:
            witness = hear(source, arguments.file, name=arguments.file.name, by=None)
        except WitnessError as error:
            raise Failure(f"{arguments.file.name}: {error}", ExitCode.WRONG_USE) from error
        facts = {
            "source": str(source.pk),
            "file": witness.file_name,
            "sha256": witness.sha256,
            "first": witness.first,
            "last": witness.last,
            "agrees": witness.agrees,
            "accounts": witness.accounts,
            "accounts_apart": witness.accounts_apart,
            "vouchers_equal": witness.vouchers_equal,
            "vouchers_apart": witness.vouchers_apart,
        }
        told = facts | {"differences": _in_kroner(witness.facts)} if arguments.json else facts
        sys.stdout.write(orjson.dumps(told).decode() + "\n")
    return ExitCode.PROVED if facts["agrees"] else ExitCode.NOT_PROVED


def _in_kroner(facts: dict[str, Any]) -> dict[str, Any]:
    """Differences as kept, their øre as kroner in texts."""
    accounts = [row | {side: _kroner(row[side]) for side in ("stored", "witness")} for row in facts["accounts"]]
    vouchers = [
        row | {"accounts": [[number, _kroner(stored), _kroner(file)] for number, stored, file in row["accounts"]]}
        for row in facts["vouchers"]
    ]
    own = [
        row | ({} if row["what"] == "entries" else {side: _kroner(row[side]) for side in ("said", "holds")})
        for row in facts["contradictions"]
    ]
    return {"accounts": accounts, "vouchers": vouchers, "contradictions": own}


def _kroner(ore: int) -> str:
    return f"{Decimal(ore).scaleb(-2):.2f}"


def run_remove(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remove one source. Raises Failure when there is no such source."""
    with home.portal(settings):
        from django.conf import settings as django_settings

        from tieout.portal.sources.actions import remove

        source = _source(arguments.source, arguments.workspace)
        name, connector = source.name, source.connector
        try:
            remove(source, delete_data=arguments.delete_data)
        except BusyError as error:
            raise Failure(f"{error} The next start of the server tries again.", ExitCode.TRY_LATER) from error
        sys.stderr.write(f"{name} is removed. {django_settings.CONNECTORS[connector].where_to_end()}\n")
    return ExitCode.PROVED


def _sources(workspace: str | None) -> list[Source]:
    from tieout.portal.sources.models import Source

    # A name with a typing error makes no workspace: with two, every later command would have to say which.
    here = home.workspace(workspace, make=workspace is None)
    return list(Source.objects.in_workspace(here).order_by("name"))


def _source(wanted: str, workspace: str | None) -> Source:
    matching = [
        source for source in _sources(workspace) if wanted in (str(source.pk), source.organisation_number, source.name)
    ]
    if len(matching) != 1:
        what = "several data sources are" if matching else "no data source is"
        raise Failure(f"{what} called {wanted!r}; give its id, organisation number or exact name.", ExitCode.WRONG_USE)
    return matching[0]
