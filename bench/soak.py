"""A soak: a simulated week of many companies, faults on, the server killed again and again. `python -m bench.soak`.

`--companies 50 --minutes 60 --kills 10`. What it must show: memory, open files and connections stay flat, and nothing is lost: in
the end every company is proved, and a sample equals a load from scratch, row by row. Time is compressed; how, the result says.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx2

from bench.soak_memory import EVERY_SECONDS as PARTS_EVERY
from bench.soak_picture import picture
from bench.soak_watch import Sample, Watch

ROOT = Path(__file__).parent.parent
PLACE = ROOT / "docs" / "explanation"
NOW = "2026-03-16T06:00:00+00:00"
DAYS = 7
HOURS = 24 * DAYS
FAULTS = ("429", "500", "502", "timeout", "truncated", "expired_token", "no_pagination_header", "lag", "shift")
FAULTS_A_ROUND = 12
KILLING_SHARE = 0.6  # of the week; then one process is watched for long
SHARE_OF_THE_WEEK = 0.85  # of the time; the rest is for the last round and the comparison
PATIENCE = 1_800.0


class Soak:
    """One run. `told` is what it found."""

    def __init__(self, folder: Path, *, companies: int, minutes: float, kills: int, seed: int) -> None:
        self.folder, self.home = folder, folder / "home"
        self.companies, self.seconds = companies, minutes * 60
        self.random = random.Random(seed)
        apart = HOURS * KILLING_SHARE / max(1, kills)
        self.kill_hours = [(number + self.random.random()) * apart for number in range(kills)]
        self.watch = Watch()
        self.rounds = self.killed = 0
        self.faults: Counter[str] = Counter()
        self.began = time.monotonic()

    def run(self) -> dict[str, Any]:
        with self._simulator() as url:
            self.url, self.http = url, httpx2.Client(base_url=f"{url}/_simulator", timeout=120, trust_env=False)
            listed = self.http.get("/companies").json()["companies"]
            (self.folder / "companies.json").write_text(json.dumps(listed))
            self._start()
            try:
                self._week()
                verdicts = self._last_round()
            finally:
                self._end()
            compared = [self._compare(company) for company in self.random.sample(listed, min(3, len(listed)))]
        return self._result(verdicts, compared)

    def _week(self) -> None:
        """Rounds, as many as the time allows; their length in simulated hours follows from how long the last one took."""
        self._settled()
        _say(f"{self.companies} companies have synced for the first time, {self._elapsed():.0f} s")
        self.watch.mark("first syncs done")
        done, took = 0.0, (self.seconds - self._elapsed()) / 20
        while done < HOURS:
            left = max(1.0, self.seconds * SHARE_OF_THE_WEEK - self._elapsed())
            hours = min(HOURS - done, max(1.0, (HOURS - done) * took / left))
            took = self._round(done, done + hours)
            done += hours

    def _round(self, begin: float, until: float) -> float:
        """Hours of bookkeeping pass, faults are laid out, everybody is due; until all have synced. Gives its seconds."""
        began = time.monotonic()
        self.http.post("/clock", json={"advance_seconds": round((until - begin) * 3600)}).raise_for_status()
        self._lay_faults()
        is_night = begin // 24 != until // 24
        (self.home / "night").touch() if is_night else (self.home / "night").unlink(missing_ok=True)
        since = self._make_due()
        for _ in [hour for hour in self.kill_hours if begin <= hour < until]:
            self._kill()
        self._settled(since)
        self.rounds += 1
        took = time.monotonic() - began
        _say(f"round {self.rounds}: {until - begin:.0f} h{' and a night' if is_night else ''} in {took:.0f} s")
        return took

    def _kill(self) -> None:
        time.sleep(self.random.uniform(0.3, max(4, self.seconds / 180)))  # a moment that nobody chose
        self.server.kill()
        self.server.wait()
        self.killed += 1
        self.watch.mark("killed")
        self._start()

    def _lay_faults(self) -> None:
        drawn = [self.random.choice(FAULTS) for _ in range(FAULTS_A_ROUND)]
        self.faults.update(drawn)
        many = 4 * self.companies
        body = [{"fault": one, "after": self.random.randrange(many), "times": 1, "seconds": 2} for one in drawn]
        self.http.post("/faults", json=body).raise_for_status()

    def _make_due(self) -> str:
        """Let every company's moment come now; the moment as the portal's tables have it."""
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
        with closing(sqlite3.connect(self.home / "app.db", timeout=30)) as portal:
            portal.execute("update sources_source set next_sync_at = ?", [now])
            portal.commit()
        return now

    def _settled(self, since: str = "") -> None:
        """Until every company has synced that was asked for since then, and nothing is open, fills included."""
        deadline = time.monotonic() + PATIENCE
        open_ = "select count(*) from syncs_sync where state in ('queued', 'running')"
        synced = "select count(distinct source_id) from syncs_sync where requested_at >= ? and reason <> 'fill'"
        while True:
            time.sleep(1)
            assert self.server.poll() is None, "the server ended by itself"
            assert time.monotonic() < deadline, f"syncs did not end in {PATIENCE:.0f} s"
            with closing(sqlite3.connect(self.home / "app.db", timeout=30)) as portal:
                (left,), (done,) = portal.execute(open_).fetchone(), portal.execute(synced, [since]).fetchone()
            if left:
                continue
            if done == self.companies:
                return
            if (
                since and time.monotonic() - deadline + PATIENCE > 8
            ):  # a sync that ended just then set the next moment anew
                self._make_due()

    def _last_round(self) -> dict[str, int]:
        """Without faults, thorough: nobody may be left behind."""
        self.http.delete("/faults")
        (self.home / "night").touch()
        self._settled(self._make_due())
        with closing(sqlite3.connect(self.home / "app.db")) as portal:
            return dict(portal.execute("select verdict, count(*) from sources_source group by 1").fetchall())

    def _compare(self, company: dict[str, Any]) -> dict[str, Any]:
        """A load from scratch of one company, held against what the week left, row by row."""
        number = company["organisation_number"]
        fresh = self.folder / number
        key = self.folder / f"{number}.key"
        key.write_text(company["client_key"])
        environment = self._environment(fresh)
        words = [sys.executable, "-m", "tieout.cli", "source"]
        for more in (["add", "poweroffice", "--client-key-file", str(key)], ["sync", "--all"]):
            subprocess.run([*words, *more], env=environment, check=True, capture_output=True)
        return {"organisation_number": number, **_differing(_file(self.home), _file(fresh), number)}

    def _start(self) -> None:
        self.server = subprocess.Popen(
            [sys.executable, "-m", "bench.soak_server", str(self.folder / "companies.json")],
            cwd=ROOT,
            env=self._environment(self.home),
            stdout=subprocess.PIPE,
            stderr=(self.folder / "server.log").open("a"),
            text=True,
        )
        assert self.server.stdout is not None
        assert any("ready" in line for line in self.server.stdout), (self.folder / "server.log").read_text()[-2000:]
        self.watch.follow(self.server.pid, self.home)

    def _end(self) -> None:
        self.watch.stop()
        began = time.monotonic()
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=60)
        self.ended_in = time.monotonic() - began

    def _environment(self, home: Path) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
        return ours | {"TIEOUT_HOME": str(home), "TIEOUT_POWEROFFICE_URL": self.url, "TIEOUT_EMAIL_URL": "console:"}

    @contextmanager
    def _simulator(self) -> Iterator[str]:
        words = [sys.executable, "-m", "bench.soak_simulator", str(self.companies)]
        words += ["--port", "0", "--no-throttle", "--control", "--now", NOW]
        with (self.folder / "simulator.log").open("w") as said:
            child = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            yield line[line.index("http://") :].strip()
        finally:
            child.terminate()
            child.wait()

    def _parts(self, seconds: int) -> list[dict[str, Any]]:
        """What the last process's memory consisted of, as it told itself: at most forty lines."""
        told = [json.loads(line) for line in (self.home / "memory.jsonl").read_text().splitlines()]
        last = told[-max(1, int(seconds // PARTS_EVERY)) :]
        return last[:: max(1, len(last) // 40)]

    def _elapsed(self) -> float:
        return time.monotonic() - self.began

    def _result(self, verdicts: dict[str, int], compared: list[dict[str, Any]]) -> dict[str, Any]:
        with closing(sqlite3.connect(self.home / "app.db")) as portal:
            syncs = dict(portal.execute("select state, count(*) from syncs_sync group by 1").fetchall())
            (requests,) = portal.execute("select sum(requests) from syncs_sync").fetchone()
        last = self.watch.last_life()
        return {
            "at": datetime.now(UTC).isoformat(timespec="minutes"),
            "machine": {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()},
            "companies": self.companies,
            "simulated_days": DAYS,
            "seconds": round(self._elapsed()),
            "rounds": self.rounds,
            "killed": self.killed,
            "faults": dict(self.faults),
            "syncs": syncs,
            "requests": requests,
            "verdicts": verdicts,
            "full_load_comparison": compared,
            "seconds_to_end_on_sigterm": round(self.ended_in, 1),
            "last_process": flatness(last),
            "memory_of_last_process": self._parts(len(last)),
            "samples": [sample.as_json() for sample in self.watch.thinned()],
            "marks": self.watch.marks,
        }


def flatness(samples: Sequence[Sample]) -> dict[str, Any]:
    """Median of the second and of the last quarter of one process's life, after what it takes to warm up."""
    quarter = len(samples) // 4
    told: dict[str, Any] = {"seconds": round(samples[-1].at - samples[0].at) if samples else 0}
    if quarter:
        for name in ("memory_mib", "files", "sockets", "threads"):
            early, late = (
                sorted(getattr(s, name) for s in part)[quarter // 2]
                for part in (samples[quarter : 2 * quarter], samples[-quarter:])
            )
            told[name] = {"second_quarter": early, "last_quarter": late}
    return told


def _file(home: Path) -> Path:
    (found,) = (home / "warehouse").glob("*.duckdb")
    return found


def _differing(ours: Path, fresh: Path, number: str) -> dict[str, Any]:
    """Rows of each raw table that one has and the other has not. Our own columns, which tell of syncs, are left out."""
    differing: dict[str, int] = {}
    rows = 0
    with duckdb.connect() as both:
        for name, path in (("ours", ours), ("fresh", fresh)):
            both.execute(f"attach '{path}' as {name} (read_only)")
        tables = both.execute(
            "select table_name from duckdb_tables() where database_name = 'fresh' and schema_name = 'raw_poweroffice' "
            "and not ends_with(table_name, '_versions') order by 1"
        ).fetchall()
        for (table,) in tables:
            of = [_rows_of(name, table, number) for name in ("ours", "fresh")]
            (there,) = both.execute(f"select count(*) from ({of[1]})").fetchone() or (0,)
            rows += there
            apart = both.execute(
                f"select count(*) from (({of[0]} except all {of[1]}) union all ({of[1]} except all {of[0]}))"
            ).fetchone()
            if apart and apart[0]:
                differing[table] = apart[0]
    return {"rows": rows, "differing": differing}


def _rows_of(database: str, table: str, number: str) -> str:
    source = f"(select source_id from {database}.tieout.sources where organisation_number = '{number}')"
    return (
        f"select columns(lambda c: not starts_with(c, '_'))::varchar from {database}.raw_poweroffice.{table} "
        f"where _source_id = {source}"
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=PLACE, help="folder for soak.json and soak.svg")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tieout-soak-"))
    result = Soak(folder, companies=asked.companies, minutes=asked.minutes, kills=asked.kills, seed=asked.seed).run()
    (asked.out / "soak.json").write_text(json.dumps(result, indent=1) + "\n")
    (asked.out / "soak.svg").write_text(picture(result))
    print(json.dumps({name: told for name, told in result.items() if name not in ("samples", "marks")}, indent=2))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
