"""Progress of a sync on a terminal, on stderr. Where stderr is no terminal: a line when something ends."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from tieout.cli.backend import Facts
from tieout.cli.terminal import plain

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

    def show(self, event: Facts) -> None:
        """Show what an event means for somebody who watches."""
        stream = event.get("stream")
        match event["event"]:
            case "stream_started":
                self._tasks[stream] = self._bars.add_task(f"{self._company}: {stream}", total=event["planned"] or None)
            case "stream_progressed" if stream in self._tasks:
                done, planned = event["requests"], event["planned"]
                self._bars.update(self._tasks[stream], completed=done, total=max(planned, done))
            case "stream_finished" | "stream_postponed" | "stream_not_available" | "stream_failed":
                if stream in self._tasks:
                    self._bars.remove_task(self._tasks.pop(stream))
                if event.get("reason"):
                    self._say(f"{stream}: {event['reason']}")
            case "sync_finished":
                told = f"{event['rows']:,} rows, {event['requests']} requests, {event['seconds']:.0f} s"
                self._say(f"{event['outcome']}: {told}. {event['reason'] or ''}")
            case "tie_out":
                self._tell_verdict(event)

    def _tell_verdict(self, event: Facts) -> None:
        agree = sum(check["compared"] for check in event["checks"] if check["outcome"] == "agrees")
        self._say(f"{VERDICTS[event['verdict']]}: {agree:,} figures agree")
        for one in event["differences"][:SHOWN]:
            where = f"{one['check']} {one['date']} account {one['account_no'] or '–'}"
            self._say(f"  {where}: stored {one['stored']}, the source has {one['vendor']}")

    def _say(self, text: str) -> None:
        if not self._hidden:
            self._bars.console.print(plain(f"{self._company}: {text}"), highlight=False)
            sys.stderr.flush()
