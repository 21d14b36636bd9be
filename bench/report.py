"""What a whole bench found: as tables in the explanation, as JSON for programs, as a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from bench.growth import Growth
from bench.limit import WITH_LINES, Reading
from bench.loading import Result
from bench.sync_costs import MOST_AT_NIGHT, MOST_QUIET

PLACE = Path(__file__).parent.parent / "docs" / "explanation"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
OURS, ALONE, ARROW = "Tieout", "DuckDB read_json alone", "dlt, Arrow"
MEBIBYTES, GIBIBYTE = 600, 1_024
AT_THE_LIMIT, MANY_REQUESTS = 1.05, 1_000  # times what the limit leaves; of so many requests at least
BAR, LINE, LEFT, WIDE = 18, 26, 260, 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One thing that must hold, and whether it does. `held` None: it could not be measured."""

    what: str
    told: str
    held: bool | None


@dataclass(slots=True)
class Report:
    """Results as they come in."""

    machine: dict[str, Any]
    results: list[Result] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    costs: dict[str, Any] = field(default_factory=dict)

    def write(self) -> None:
        """The tables into the page that explains them, the JSON and the picture beside it."""
        page = PLACE / "performance.md"
        before, _, rest = page.read_text().partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{self.text()}\n{END}{rest.partition(END)[2]}")
        (PLACE / "performance.json").write_text(json.dumps(self._as_json(), indent=2) + "\n")
        (PLACE / "performance.svg").write_text(picture(self.results))

    def _as_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "loading": [result.as_json() for result in self.results],
            "limit": [reading.as_json() for reading in self.readings],
            "growth": [grown.as_json() for grown in self.growth],
            "requests": self.costs,
            "bars": [{"what": bar.what, "told": bar.told, "held": bar.held} for bar in self.bars()],
        }

    def text(self) -> str:
        """Tables in Markdown."""
        at, cores = self.machine["at"], self.machine["cores"]
        parts = [
            f"Measured at {at} (UTC) on {cores} cores.",
            "",
            *_loading(self.results),
            "",
            *_limit(self.readings),
            "",
            *_growth(self.growth),
            "",
            *_costs(self.costs),
            "",
            *_bars(self.bars()),
        ]
        return "\n".join(parts)

    def bars(self) -> list[Bar]:
        """What issue and documentation promise, judged by this run alone."""
        return [
            *_bars_of_full(self.results),
            *_bars_of_changes(self.results),
            *_bars_of_limit(self.readings),
            *_bars_of_growth(self.growth),
            *_bars_of_costs(self.costs),
        ]


def _found(results: Sequence[Result], name: str, work: str) -> Result | None:
    for result in results:
        if result.contender == name and result.work == work and result.taken and not result.failure:
            return result
    return None


def _bars_of_full(results: Sequence[Result]) -> list[Bar]:
    ours = _found(results, OURS, "full")
    wanted = [(ALONE, 0.25), (ARROW, 2), ("Airbyte CDK by PyAirbyte", 8), ("singer-sdk and target-duckdb", 8)]
    bars = []
    for name, least in wanted:
        theirs = _found(results, name, "full")
        what = f"full load: at least {least} times {name}"
        if not ours or not theirs or not ours.taken or not theirs.taken:
            bars.append(Bar(what=what, told="not measured", held=None))
            continue
        speed = theirs.taken.seconds / ours.taken.seconds
        effort = theirs.taken.processor_seconds / ours.taken.processor_seconds
        told = f"{speed:.2f} times ({effort:.2f} by processor time)"
        bars.append(Bar(what=what, told=told, held=speed >= least))
    peak = ours.taken.peak_mib if ours and ours.taken else None
    held = peak is not None and peak <= MEBIBYTES
    return [*bars, Bar(what=f"full load: at most {MEBIBYTES} MiB", told=f"{peak} MiB", held=held)]


def _bars_of_changes(results: Sequence[Result]) -> list[Bar]:
    ours, full = _found(results, OURS, "changes"), _found(results, OURS, "full")
    if not ours or not full or not ours.taken or not full.taken:
        return []
    others = [r.taken.seconds for r in results if r.work == "changes" and r.contender != OURS and r.taken]
    share = full.taken.seconds / ours.taken.seconds
    first = all(ours.taken.seconds < seconds for seconds in others)
    return [
        Bar(
            what="changes: first of all",
            told=f"{ours.taken.seconds} s, the next {min(others, default=0)} s",
            held=first,
        ),
        Bar(what="changes: at most a sixth of the full load", told=f"1/{share:.1f}", held=share >= 6),
    ]


def _bars_of_limit(readings: Sequence[Reading]) -> list[Bar]:
    """Of a run of many requests alone: in a short one the time of the program itself, and of loading, weighs too much."""
    bars = []
    for reading in readings:
        if reading.contender != WITH_LINES:
            continue
        what = f"at the limit: at most {AT_THE_LIMIT} times requests / 10, none refused"
        if not reading.taken or reading.failure or reading.requests < MANY_REQUESTS:
            bars.append(Bar(what=what, told=reading.failure or f"{reading.requests} requests are too few", held=None))
            continue
        times = reading.taken.seconds / (reading.requests / 10)
        held = times <= AT_THE_LIMIT and not reading.refused
        bars.append(Bar(what=what, told=f"{times:.3f} times, {reading.refused} refused", held=held))
    return bars


def _bars_of_costs(costs: dict[str, Any]) -> list[Bar]:
    if not costs:
        return []
    quiet, night = max(costs["quiet"]), max(costs["nights"])
    return [
        Bar(what=f"quiet sync: at most {MOST_QUIET} requests", told=str(quiet), held=quiet <= MOST_QUIET),
        Bar(what=f"a night: at most {MOST_AT_NIGHT} requests", told=str(night), held=night <= MOST_AT_NIGHT),
    ]


def _bars_of_growth(growth: Sequence[Growth]) -> list[Bar]:
    growth = [grown for grown in growth if not grown.taken.failure and not grown.wrong]
    if len(growth) < 2:
        return []
    peak, last = max(grown.taken.peak_mib for grown in growth), growth[-1]
    each = [grown.taken.processor_seconds / grown.rows for grown in growth]
    return [
        Bar(what=f"{last.rows:,} rows: at most 1 GiB", told=f"{peak} MiB", held=peak <= GIBIBYTE),
        Bar(
            what="processor time a row, largest to smallest company",
            told=f"{each[-1] / each[0]:.2f} times",
            held=each[-1] / each[0] < 1.25,
        ),
    ]


def _loading(results: Sequence[Result]) -> list[str]:
    lines = [
        "| contender | work | seconds | processor s | peak MiB | rows/s | right |",
        "| --- | --- | --: | --: | --: | --: | --- |",
    ]
    for result in results:
        taken = result.taken
        figures = [f"{taken.seconds}", f"{taken.processor_seconds}", f"{taken.peak_mib}"] if taken else ["", "", ""]
        speed = f"{result.rows_a_second:,}" if result.rows_a_second else ""
        right = result.failure or result.wrong or ("; ".join(result.notes) or "yes" if not result.limit else "")
        lines.append("| " + " | ".join([result.contender, result.work, *figures, speed, right]) + " |")
    return lines


def _limit(readings: Sequence[Reading]) -> list[str]:
    lines = [
        "| contender | seconds | requests | requests / 10 | 429 | |",
        "| --- | --: | --: | --: | --: | --- |",
    ]
    for reading in readings:
        seconds = f"{reading.taken.seconds}" if reading.taken else ""
        figures = [seconds, str(reading.requests), f"{reading.requests / 10:.1f}", str(reading.refused)]
        lines.append("| " + " | ".join([reading.contender, *figures, reading.failure or ""]) + " |")
    return lines


def _growth(growth: Sequence[Growth]) -> list[str]:
    lines = ["| rows | seconds | processor s | peak MiB | right |", "| --: | --: | --: | --: | --- |"]
    for grown in growth:
        taken = grown.taken
        figures = f"| {grown.rows:,} | {taken.seconds} | {taken.processor_seconds} | {taken.peak_mib} "
        lines.append(f"{figures}| {taken.failure or grown.wrong or 'yes'} |")
    return lines


def _costs(costs: dict[str, Any]) -> list[str]:
    if not costs:
        return []
    kinds = {"a first sync without invoice lines": [costs["first"]], "one with nothing new": costs["quiet"]}
    kinds |= {"one after an hour of work": costs["busy"], "a night's complete check": costs["nights"]}
    lines = ["| sync of the realistic company | requests |", "| --- | --- |"]
    return lines + [f"| {kind} | {', '.join(map(str, asked))} |" for kind, asked in kinds.items()]


def _bars(bars: Sequence[Bar]) -> list[str]:
    lines = ["| what must hold | measured | |", "| --- | --- | --- |"]
    words = {True: "holds", False: "does not hold", None: "not measured"}
    return lines + [f"| {bar.what} | {bar.told} | {words[bar.held]} |" for bar in bars]


def picture(results: Sequence[Result]) -> str:
    """Rows a second of the full load as bars."""
    shown = [
        result
        for result in results
        if result.work == "full" and result.rows_a_second and "curl" not in result.contender
    ]
    shown.sort(key=lambda result: -(result.rows_a_second or 0))
    most = max((result.rows_a_second or 1 for result in shown), default=1)
    height = 60 + LINE * len(shown)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 100} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13">'
        f"<title>Rows a second of a full load, by contender</title>"
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="12" y="24" font-size="15" font-weight="600" fill="#1b1b1b">'
        f"500,000 account transactions into DuckDB: rows a second</text>"
    )
    lines = [_line(result, place, most) for place, result in enumerate(shown)]
    return head + "".join(lines) + "</svg>\n"


def _line(result: Result, place: int, most: int) -> str:
    speed, top = result.rows_a_second or 1, 44 + LINE * place
    wide = round(WIDE * speed / most)
    colour = "#0b6e4f" if result.contender == OURS else "#c9c9c9" if result.limit else "#7a8b99"
    return (
        f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end" fill="#1b1b1b">{escape(result.contender)}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{wide}" height="{BAR}" fill="{colour}"/>'
        f'<text x="{LEFT + wide + 6}" y="{top + 13}" fill="#1b1b1b">{speed:,}</text>'
    )
