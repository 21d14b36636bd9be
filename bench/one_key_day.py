"""300 companies under one key for a day of virtual time: `python -m bench.one_key_day [--companies 300]`.

Uses the limiter's own line and turns and the schedule's own rhythm; first syncs, nightly checks and *Sync now* in between.
Prints one JSON object, with the number of companies at which the key would be full.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict, fields
from typing import Any

from bench.costs import Costs, Day
from bench.virtual_day import VirtualDay

LIMIT = 10  # requests a second that the vendor allows
FRESH_SHARE, LIMIT_SHARE, START_SECONDS = 0.95, 0.15, 10.0  # the bars


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=Day().companies)
    parser.add_argument("--new-companies", type=int, default=Day().new_companies)
    parser.add_argument("--asked-by-people", type=float, default=1.0, help="*Sync now*, a company and day")
    parser.add_argument("--seed", type=int, default=1)
    for cost in fields(Costs):
        parser.add_argument(f"--{cost.name.replace('_', '-')}", type=type(cost.default), default=cost.default)
    asked = vars(parser.parse_args())
    costs = Costs(**{cost.name: asked.pop(cost.name) for cost in fields(Costs)})
    print(json.dumps(measure(Day(costs=costs, **asked)), indent=2))


def measure(day: Day) -> dict[str, Any]:
    """Run the day and tell what it took."""
    began = time.monotonic()
    ran = VirtualDay(day).run()
    told, key = ran.told, ran.key
    used = sum(key.used.values())
    share = used / (LIMIT * day.hours * 3600)
    fresh = told.fresh / told.seen
    return {
        "day": asdict(day),
        "fresh_share": round(fresh, 4),
        "oldest_minutes": round(max(told.ages) / 60, 1),
        "requests": used,
        "requests_for": {priority.name.lower(): number for priority, number in sorted(key.used.items())},
        "share_of_limit": round(share, 4),
        "share_in_the_fullest_hour": round(max(key.by_hour.values()) / (LIMIT * 3600), 4),
        "refused": key.refused,
        "syncs": dict(told.syncs),
        "first_sync_seconds": _spread(told.firsts),
        "sync_now_starts_after_seconds": _spread(told.starts),
        "sync_now_takes_seconds": _spread(told.ends),
        "companies_that_fill_the_key": companies_that_fill_the_key(day.costs),
        "is_within_bars": fresh >= FRESH_SHARE
        and share <= LIMIT_SHARE
        and max(told.starts, default=0) <= START_SECONDS,
        "seconds_to_simulate": round(time.monotonic() - began, 1),
    }


def companies_that_fill_the_key(costs: Costs) -> dict[str, int]:
    """By calculation: hourly syncs around the clock and a nightly check; in all, and in working hours alone."""
    busy = costs.busy + costs.lines_of_busy
    by_day = costs.quiet + (busy - costs.quiet) * costs.busy_by_day
    by_night = costs.quiet + (busy - costs.quiet) * costs.busy_by_night
    a_day = 9 * by_day + 14 * by_night + costs.nightly
    return {"by_the_day": int(LIMIT * 86_400 / a_day), "by_the_working_hour": int(LIMIT * 3600 / by_day)}


def _spread(seconds: list[float]) -> dict[str, float] | None:
    if len(seconds) < 2:
        return {"median": round(seconds[0], 1), "longest": round(seconds[0], 1)} if seconds else None
    return {"median": round(statistics.median(seconds), 1), "longest": round(max(seconds), 1)}


if __name__ == "__main__":
    main()
