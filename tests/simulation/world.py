"""One seed's world: a company lives through two months while it is synced, and everything goes wrong that can."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import stamina

from tests.simulation import checks
from tests.simulation.copied import Copy, Digests
from tests.simulation.office import Office, running_office
from tests.simulation.trouble import Cut, Trouble
from tests.simulation.truth import KEPT, PICTURES, Table, tables
from tieout.connectors.http import ATTEMPTS
from tieout.sync.events import SyncFinished, TiedOut
from tieout.sync.run import Deferred, Options
from tieout.warehouse.base import Outcome, Verdict

PROJECT = Path(__file__).parents[2]
START = datetime(2026, 3, 16, 12, tzinfo=UTC)
SPAN = timedelta(days=60)
NIGHTS = (
    timedelta(hours=24),
    timedelta(days=8),
)  # before each nightly check at rest: what is asked weekly has its turn


class DivergedError(AssertionError):
    """What is stored is not what it must be. The text says where, and how to play the world again."""

    def __init__(self, seed: int, when: str, found: list[str]) -> None:
        shown = "\n  ".join(found[:20])
        super().__init__(
            f"seed {seed}, {when}: {len(found)} divergences\n  {shown}\nalone: python -m tests.simulation --seed {seed}"
        )


@dataclass(slots=True)
class Report:
    """What a world amounted to."""

    seed: int
    syncs: int = 0
    kills: int = 0
    cancelled: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)


class World:
    """Use `play`."""

    def __init__(self, seed: int, folder: Path, office: Office, trouble: Trouble, *, tell: bool) -> None:
        self._office, self._trouble, self._tell = office, trouble, tell
        self._copy = self._open(folder / "copy")
        self._fresh_folder = folder / "fresh"
        self._seen: checks.Seen = {stream.name: {} for stream in KEPT}
        self._now: dict[str, Table] = {}
        self._digests: dict[int, Digests] = {}
        self._garbled = False
        self.report = Report(seed)
        self._see()

    def live(self, span: timedelta) -> None:
        """Movement, syncs and trouble."""
        end = self._office.now + span
        while self._office.now < end:
            self._advance(self._trouble.gap())
            self._expect(f"at {self._office.now}, before a sync", checks.passed_by(self._copy, self._now))
            self._disturb()
            self._sync(cut=self._trouble.cut())

    def rest(self) -> None:
        """Movement stops, trouble ends, two nightly checks are made, and everything must be as it is at the source."""
        self._office.control.faults()
        for span in NIGHTS:
            self._office.service.clock.move(span)  # the books stand still
            self._see()  # but some invoices fall due
            self._sync(nightly=True)
        fresh = self._open(self._fresh_folder)
        finished = [e for e in fresh.sync(_options(), now=self._office.now) if isinstance(e, SyncFinished)]
        assert finished[0].outcome is Outcome.SUCCEEDED, finished
        found = [*self._unlike(fresh), *self._unreplayable()]
        fresh.close()
        self._copy.close()
        if found:
            raise DivergedError(self.report.seed, "at rest", found)

    def _unlike(self, fresh: Copy) -> Iterator[str]:
        for stream in KEPT:
            ours = self._copy.rows(stream)
            garbled = self._garbled
            yield from checks.differing(stream, ours, self._now[stream.name], garbled=garbled)
            full = checks.differing(stream, ours, fresh.rows(stream), garbled=garbled)
            yield from (f"beside a full load: {one}" for one in full)
        for stream in PICTURES:
            ours, theirs = self._copy.rows(stream), fresh.rows(stream)
            yield from (f"beside a full load: {one}" for one in checks.differing(stream, ours, theirs))

    def _unreplayable(self) -> Iterator[str]:
        for sync, digests in self._digests.items():
            replayed = self._copy.digests_at(sync)
            for stream, digest in digests.items():
                if digest != replayed[stream]:
                    yield f"{stream} as it was after sync {sync} can't be replayed: {digest}, not {replayed[stream]}"

    def _sync(self, *, nightly: bool = False, cut: Cut | None = None) -> None:
        deferred = Deferred.ALL if nightly or self._trouble.chance.random() < 0.7 else Deferred.NONE
        options = _options(nightly=nightly or self._trouble.chance.random() < 0.1, deferred=deferred)
        self.report.syncs += 1
        if cut and cut.kill:
            self._killed(cut, options)
            told = "killed"
        else:
            steps = {} if nightly else self._trouble.steps_meanwhile()
            told = self._synced(options, steps, stop_at=cut.event if cut else None)
            if deferred is Deferred.NONE:
                self._synced(_options(deferred=Deferred.ONLY), {}, stop_at=None)
        self._say(told)
        self._judge(told)

    def _synced(self, options: Options, steps: dict[int, timedelta], *, stop_at: int | None) -> str:
        told, verdict, moved = "", None, False
        now = self._office.now + self._trouble.skew()
        for number, event in enumerate(self._copy.sync(options, now=now, stop_at=stop_at), start=1):
            if number in steps:
                moved = True
                self._advance(steps[number])
            if isinstance(event, SyncFinished):
                told = f"{event.outcome} {event.reason or ''} {event.requests} requests"
                self.report.outcomes[event.outcome.value] += 1
                self.report.requests += event.requests
            if isinstance(event, TiedOut):
                verdict = event.verdict
                self.report.verdicts[verdict.value] += 1
        if verdict is Verdict.PROVED and not moved:
            self._expect("after a proof", checks.unproved_sums(self._copy, self._now))
        return f"{told} {verdict}"

    def _killed(self, cut: Cut, options: Options) -> None:
        self._copy.close()
        settings = {
            "folder": str(self._copy.folder),
            "url": self._copy.url,
            "client_key": self._copy.client_key,
            "page_size": self._copy.page_size,
            "nightly": options.nightly,
            "now": (self._office.now + self._trouble.skew()).isoformat(),
            "event": cut.event,
            "after_ms": cut.after_ms,
        }
        child = [sys.executable, "-m", "tests.simulation.child", json.dumps(settings)]
        code = subprocess.run(child, cwd=PROJECT, check=False, timeout=300).returncode
        assert code in (0, -signal.SIGKILL), f"the child ended with {code}"
        self.report.kills += code != 0

    def _judge(self, when: str) -> None:
        """What must hold after every sync."""
        sync = self._copy.last_sync()
        found = list(checks.never_had(self._copy, sync, self._seen, garbled=self._garbled))
        found += checks.passed_by(self._copy, self._now)
        self._expect(f"after sync {sync} ({when}) at {self._office.now}", found)
        self._digests[sync] = self._copy.digests()

    def _expect(self, when: str, found: Any) -> None:
        if found := list(found):
            raise DivergedError(self.report.seed, when, found)

    def _disturb(self) -> None:
        """Let the next requests meet faults, and the source's clock be off."""
        faults = self._trouble.faults()
        self._office.control.faults()
        if faults:
            self._office.control.faults(*faults)
        kinds = [fault["fault"] for fault in faults]
        self.report.faults.update(kinds)
        self._garbled |= bool({"unknown_enum", "missing_member"} & set(kinds))
        self._office.control.options(skew_seconds=self._trouble.skew().total_seconds())
        self._say(f"faults {faults}, skew {self._office.service.options.skew_seconds}")

    def _advance(self, by: timedelta) -> None:
        self._office.advance(by)
        self._see()

    def _see(self) -> None:
        """Remember every state that the source has had."""
        self._now = tables(self._office)
        for stream, table in self._now.items():
            for key, row in table.items():
                self._seen[stream].setdefault(key, set()).add(row)

    def _open(self, folder: Path) -> Copy:
        folder.mkdir()
        return Copy(folder, self._office.url, self._office.client_key, page_size=self._trouble.page_size)

    def _say(self, text: str) -> None:
        if self._tell:
            sys.stderr.write(f"{self._office.now:%d.%m %H:%M} {self.report.syncs:3} {text}\n")


def play(seed: int, *, span: timedelta = SPAN, tell: bool = False, kind: type[World] = World) -> World:
    """Live through one seed's world. `tell`: every step on stderr. Raises DivergedError."""
    trouble = Trouble(seed)
    options = trouble.options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(stamina.set_testing(True, attempts=ATTEMPTS, cap=True))
        running = running_office(seed=seed, start=START, in_place=trouble.in_place, options=options)
        world = kind(seed, folder, stack.enter_context(running), trouble, tell=tell)
        if tell:
            sys.stderr.write(f"{trouble.in_place}, pages of {trouble.page_size}, {options}\n")
        world.live(span)
        world.rest()
        return world


def _options(*, nightly: bool = False, deferred: Deferred = Deferred.ALL) -> Options:
    return Options(nightly=nightly or None, deferred=deferred, patience_seconds=0)
