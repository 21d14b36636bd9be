"""What a sync costs, in requests, and what a company's day brings: the one place of these figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Of a company like the simulator's realistic one, as `bench.sync_costs` and `bench.first_sync` measured them."""

    quiet: int = 12  # a sync with nothing new
    busy: int = 30  # one that found something: ledgers moved, so balances, invoices and earlier dates are asked
    nightly: int = 51  # the night's complete check: the mean of a week, whose nights took 47 to 56
    first: int = 106  # everything but invoice lines
    lines: int = 5_000  # invoice lines of a first sync, a request each, in the background
    lines_of_busy: int = 1  # new invoices that such a sync finds

    busy_by_day: float = 0.25  # the share of syncs in working hours that find something: an assumption, not measured
    busy_by_night: float = 0.02
    latency: float = 0.15  # seconds that an answer takes
    own_seconds: float = 2.0  # of a sync, for loading, tying out and publishing
    ahead: int = 12  # requests of a sync at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of one installation, under one key."""

    companies: int = 300
    new_companies: int = 2  # approved in working hours: a first sync each, with its lines
    asked_by_people: float = 1.0  # *Sync now* a company and day, in working hours
    hours: float = 24
    seed: int = 1
    costs: Costs = Costs()
