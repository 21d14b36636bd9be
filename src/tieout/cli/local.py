"""Commands on this machine: they hold TIEOUT_HOME while they act, and read beside a running server what may be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tieout import reports
from tieout.cli import home
from tieout.cli.backend import Facts
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import Settings
from tieout.connectors.base import Secret
from tieout.portal.bootstrap import start_django
from tieout.portal.home import HomeHeldError, hold_home, prepare
from tieout.portal.upkeep.disk import disk_of
from tieout.warehouse.as_json import as_json
from tieout.warehouse.base import BusyError
from tieout.warehouse.snapshot import as_it_was

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source

_TYPES = duckdb.StatementType
ASKING = (_TYPES.SELECT, _TYPES.EXPLAIN, _TYPES.PRAGMA, _TYPES.CALL, _TYPES.MULTI)  # multi: a pivot


@contextmanager
def local(settings: Settings, workspace: str | None) -> Iterator[Local]:
    """This machine, for one command."""
    with ExitStack() as held:
        yield Local(settings, workspace, held)


class Local:
    """The backend of this machine. What only reads does not hold TIEOUT_HOME: a server may have it."""

    def __init__(self, settings: Settings, workspace: str | None, held: ExitStack) -> None:
        self._settings, self._workspace, self._held = settings, workspace, held
        self._is_held = False

    def _hold(self) -> None:
        """From here to the command's end no other process touches TIEOUT_HOME, and the portal's tables are ready."""
        if not self._is_held:
            self._held.enter_context(home.portal(self._settings))
            self._is_held = True
            from tieout.portal.personal.actions import finish_choices

            finish_choices()

    def sources(self) -> Sequence[Facts]:
        self._hold()
        from tieout.portal.sources.models import Source

        # A name with a typing error makes no workspace: with two, every later command would have to say which.
        here = home.workspace(self._workspace, make=self._workspace is None)
        return [_facts(source) for source in Source.objects.in_workspace(here).order_by("name")]

    def add(self, connector: str, key: Secret) -> Facts:
        self._hold()
        from django.conf import settings

        from tieout.portal.sources.actions import AlreadyThereError, create_source

        if connector not in settings.CONNECTORS:
            known = ", ".join(sorted(settings.CONNECTORS))
            raise Failure(f"there is no integration {connector!r}; there is: {known}.", ExitCode.WRONG_USE)
        reader = settings.CONNECTORS[connector].open(key, hurried=True)
        try:
            company = reader.company()
        finally:
            reader.close()
        try:
            made = create_source(home.workspace(self._workspace), connector=connector, company=company, client_key=key)
        except AlreadyThereError as error:
            told = f"{company.name} is a data source of this workspace already; nothing was changed."
            raise Failure(told, ExitCode.WRONG_USE) from error
        return _facts(made)

    def sync(self, source: Facts, *, full: bool, skip: Sequence[str]) -> Iterator[Facts]:
        self._require_room()
        from tieout.portal.syncs.actions import perform
        from tieout.sync.run import Deferred, Options

        options = Options(full=full, skip=frozenset(skip), deferred=Deferred.ALL)
        return (event.as_json() for event in perform(self._source(source), options=options, reason="command"))

    def tie_out(self, source: Facts, *, on: date | None) -> Iterator[Facts]:
        from tieout.portal.syncs.actions import perform_tie_out

        return (event.as_json() for event in perform_tie_out(self._source(source), reason="command", on=on))

    def _require_room(self) -> None:
        disk = disk_of(self._settings)
        if disk.is_full:
            raise Failure(
                f"the disk of {self._settings.home} is {disk.percent} % full (limit {disk.limit} %), so new syncs wait."
                " What is stored is safe. Make room, or set TIEOUT_DISK_PERCENT.",
                ExitCode.TRY_LATER,
            )

    def witness(self, source: Facts, file: Path) -> Facts:
        from tieout.portal.witnesses import told
        from tieout.portal.witnesses.actions import hear
        from tieout.sync.witness.errors import WitnessError

        try:
            heard = hear(self._source(source), file, name=file.name, by=None)
        except WitnessError as error:
            raise Failure(f"{file.name}: {error}", ExitCode.WRONG_USE) from error
        return told.facts(heard) | {"differences": told.differences(heard)}

    def remove(self, source: Facts, *, delete_data: bool) -> str:
        from tieout.portal.sources.actions import remove
        from tieout.portal.sources.queries import connector_of

        found = self._source(source)
        where = connector_of(found).where_to_end()
        try:
            remove(found, delete_data=delete_data)
        except BusyError as error:
            raise Failure(f"{error} The next start of the server tries again.", ExitCode.TRY_LATER) from error
        return where

    def stamp(self, source: Facts, *, name: str, on: date) -> Facts:
        from tieout.portal.stamps.actions import StampError, stamp
        from tieout.portal.stamps.told import facts

        try:
            return facts(stamp(self._source(source), name=name, on=on))
        except StampError as error:
            raise Failure(str(error), ExitCode.WRONG_USE) from error

    def changes(self, source: Facts, *, since: str) -> Facts:
        from tieout.portal.stamps.comparing import compared
        from tieout.portal.stamps.models import Stamp
        from tieout.portal.stamps.told import facts, told

        stamps = Stamp.objects.filter(source=self._source(source)).select_related("source__workspace")
        made = next((one for one in stamps if since in (one.name, str(one.pk))), None)
        if made is None:
            raise Failure(f"{source['name']} has no stamp called {since!r}.", ExitCode.WRONG_USE)
        return facts(made) | told(compared(made))

    def _source(self, facts: Facts) -> Source:
        from tieout.portal.sources.models import Source

        return Source.objects.select_related("workspace").get(pk=facts["source"])

    def query(self, sql: str, *, as_of: str | None) -> tuple[list[str], list[list[Any]]]:
        with readable(self._settings, self._workspace) as connection:
            try:
                if any(statement.type not in ASKING for statement in connection.extract_statements(sql)):
                    raise Failure("a query asks; it can't change or write anything.", ExitCode.WRONG_USE)
                with self._as_of(connection, sql, as_of):
                    answer = connection.execute(sql)
                    names = [column[0] for column in answer.description or ()]
                    return names, [[as_json(value) for value in row] for row in answer.fetchall()]
            except duckdb.Error as error:
                raise Failure(f"the query does not run: {error}", ExitCode.WRONG_USE) from error

    @contextmanager
    def _as_of(self, connection: duckdb.DuckDBPyConnection, sql: str, wanted: str | None) -> Iterator[None]:
        """Everything as it was when a sync had ended, where one is asked for. Raises Failure for one that never was."""
        if wanted is None:
            yield
            return
        sync = self._sync_of(wanted)
        known = connection.execute("select 1 from tieout.syncs where id = ? and finished_at is not null", [sync])
        if not known.fetchone():
            raise Failure(f"there is no sync {sync} that has ended; `tieout.syncs` lists them.", ExitCode.WRONG_USE)
        with as_it_was(connection, sync, views_of=reports.views, asked=sql):
            yield

    def _sync_of(self, wanted: str) -> int:
        """The sync that a number or a stamp's name means."""
        if wanted.isdigit():
            return int(wanted)
        start_django(self._settings)  # app.db may be read beside its owner
        from tieout.portal.stamps.models import Stamp

        here = home.workspace(self._workspace, make=False)
        syncs = sorted(set(Stamp.objects.filter(source__workspace=here, name=wanted).values_list("sync", flat=True)))
        if len(syncs) != 1:
            what = "several stamps are" if syncs else "no stamp is"
            raise Failure(f"{what} called {wanted!r}; give the number of a sync.", ExitCode.WRONG_USE)
        return syncs[0]

    def status(self) -> Facts:
        if not (self._settings.home / "app.db").exists():
            raise Failure(f"there is no installation in {self._settings.home}; nothing was made.", ExitCode.WRONG_USE)
        try:
            with hold_home(self._settings):
                prepare(self._settings)
                return _status(None)
        except HomeHeldError as error:
            start_django(self._settings)  # app.db may be read beside its owner
            return _status(error.pid)


def _facts(source: Source) -> Facts:
    return {
        "source": str(source.pk),
        "organisation_number": source.organisation_number,
        "name": source.name,
        "approval": source.approval_state,
        "verdict": source.verdict or None,
        "last_complete_at": source.last_complete_at.isoformat() if source.last_complete_at else None,
    }


def _status(pid: int | None) -> Facts:
    from tieout.portal.health.status import status

    return status(now=datetime.now(UTC), pid=pid)


@contextmanager
def readable(settings: Settings, workspace: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read one workspace's tables and nothing else of this machine."""
    with home.slug_for_reading(settings, workspace) as (slug, is_ours):
        path = (
            settings.home / "warehouse" / f"{slug}.duckdb"
            if is_ours
            else settings.home / "published" / slug / "published.duckdb"
        )
        if not path.exists():
            raise Failure("nothing has been synced here yet; run `tieout source sync --all` first.", ExitCode.WRONG_USE)
        connection = duckdb.connect(path.resolve(), read_only=True)
        try:
            # A warehouse needs no file but itself; the published copy is views over files of its own workspace.
            _shut_in(connection, [] if is_ours else [path.resolve().parents[1]], settings.duckdb_memory)
            yield connection
        finally:
            connection.close()


def _shut_in(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path], memory: str) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET allowed_directories = ?", [[f"{folder}/" for folder in folders]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
