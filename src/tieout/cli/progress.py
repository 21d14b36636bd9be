"""Progress of a sync on a terminal, on stderr. Where stderr is no terminal: a line when something ends."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from tieout.cli.terminal import plain
from tieout.sync import events

VERDICTS = {"proved": "= Proved", "not_proved": "≠ Not proved", "could_not_check": "? Couldn't check"}

SHOWN = 20  # differences; the portal and the tables have all of them


class Progress:
    """One company's sync as bars, one for each stream that is being read. `hidden` shows nothing."""

    def __init__(self, company: str, *, hidden: bool) -> None:
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("requests"),
            TimeElapsedColumn(),
        )
        self._company = company
        self._bars = Bars(*columns, console=console, disable=hidden or not console.is_terminal, transient=True)
        self._hidden = hidden
        self._tasks = {}  # type: ignore[var-annotated]  # rich's TaskID by stream

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, event: events.Event) -> None:
        """Show what an event means for somebody who watches."""
        match event:
            case events.StreamStarted():
                self._tasks[event.stream] = self._bars.add_task(
                    f"{self._company}: {event.stream}", total=event.planned or None
                )
            case events.StreamProgressed() if event.stream in self._tasks:
                self._bars.update(
                    self._tasks[event.stream], completed=event.requests, total=max(event.planned, event.requests)
                )
            case (
                events.StreamFinished() | events.StreamPostponed() | events.StreamNotAvailable() | events.StreamFailed()
            ):
                if event.stream in self._tasks:
                    self._bars.remove_task(self._tasks.pop(event.stream))
                if not isinstance(event, events.StreamFinished):
                    self._say(f"{event.stream}: {event.reason}")
            case events.SyncFinished():
                seconds = f"{event.seconds:.0f} s"
                self._say(
                    f"{event.outcome.value}: {event.rows:,} rows, {event.requests} requests, {seconds}. {event.reason or ''}"
                )
            case events.TiedOut():
                self._tell_verdict(event)

    def _tell_verdict(self, event: events.TiedOut) -> None:
        agree = sum(check.compared for check in event.tie_out.checks if check.outcome.value == "agrees")
        self._say(f"{VERDICTS[event.verdict.value]}: {agree:,} figures agree")
        for difference in event.tie_out.differences[:SHOWN]:
            where = f"{difference.check} {difference.date} account {difference.account_no or '–'}"
            self._say(f"  {where}: stored {difference.stored}, the source has {difference.vendor}")

    def _say(self, text: str) -> None:
        if not self._hidden:
            self._bars.console.print(plain(f"{self._company}: {text}"), highlight=False)
            sys.stderr.flush()
