"""What goes wrong in a world, drawn from its seed: answers to the open questions, faults, cuts, clocks that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from tieout.simulator.books.invented.company import InPlace
from tieout.simulator.poweroffice.options import Options

SKEW = timedelta(minutes=10)
LAG_SECONDS = 60.0
# Each answer to an open question (contract 11) that reading the books can notice; those of approvals are left out.
ANSWERS: tuple[dict[str, Any], ...] = (
    {"pagination_keys": "pascal"},
    {"pagination_keys": "none"},
    {"past_the_end": "empty"},
    {"page_size_beyond": "clamp"},
    {"order": "shuffled"},
    {"unknown_fields": "ignored"},
    {"fields_have_id": True},
    {"bare_refusals": True},
    {"retry_after": False},
    {"reversal_stamps": True},
    {"opening_in_transactions": False},
    {"result_restarts": False},
    {"incoming_sign": "positive"},
    {"credit_note_sign": "positive"},
    {"nulls": "omitted"},
    {"archived": "left out"},
    {"null_changes": "returned"},
    {"stamp_precision": "milliseconds"},
    {"stamp_precision": "seconds"},
    {"lag_seconds": LAG_SECONDS},
    {"late_commit_seconds": LAG_SECONDS},
    {"lost_role": "gone"},
    {"privileges_frozen": False},
    {"no_lines": "404"},
    {"gzip": False},
    {"unknown_parameters": "ignored"},
    {"most_rows_in_span": 120},  # a month has fewer
)
PAGE_SIZES = (100, 400, 5000)  # a tiny company has some 1,500 postings
# Contract 12.8. The first are met in most worlds, the last in few.
FAULTS = (
    "429",
    "500",
    "502",
    "timeout",
    "truncated",
    "disconnected",
    "expired_token",
    "no_pagination_header",
    "lag",
    "shift",
    "repeat",
    "403",
    "unknown_enum",
    "extra_member",
    "missing_member",
)
GAPS = (
    timedelta(minutes=4),
    timedelta(minutes=25),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(hours=26),
    timedelta(days=3),
    timedelta(days=8),
)
GAP_WEIGHTS = (2, 2, 2, 2, 4, 6, 7)  # about 20 syncs in two months


@dataclass(frozen=True, slots=True)
class Cut:
    """How a sync is cut off: `kill` in a process of its own, else it is cancelled; at an event, or so long after it."""

    kill: bool
    event: int
    after_ms: int = 0


class Trouble:
    """All draws of one world."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"world {seed}")
        self.seed = seed
        self.in_place = list(InPlace)[seed % len(InPlace)]
        self.page_size = PAGE_SIZES[seed // len(InPlace) % len(PAGE_SIZES)]

    def options(self) -> Options:
        """The world's answers: one in turn, and each other one with a chance of one in eight."""
        told: dict[str, Any] = {"in_place": self.in_place.value, **ANSWERS[self.seed % len(ANSWERS)]}
        for answer in ANSWERS:
            if self.chance.random() < 1 / 8:
                told = {**answer, **told}
        return replace(Options(), **told)

    def gap(self) -> timedelta:
        [span] = self.chance.choices(GAPS, GAP_WEIGHTS)
        return span * (0.5 + self.chance.random())

    def skew(self) -> timedelta:
        """How far a clock is off; right half of the time."""
        return self.chance.choice((0, 0, -1, 1)) * self.chance.random() * SKEW

    def faults(self) -> Sequence[dict[str, Any]]:
        """Faults of one sync, at random requests; none half of the time."""
        return [self._fault() for _ in range(self.chance.choice((0, 0, 0, 1, 2, 4)))]

    def cut(self) -> Cut | None:
        """One sync in four is cut off, most of these by a kill."""
        if self.chance.random() > 0.25:
            return None
        event = self.chance.choice((self.chance.randrange(1, 40), self.chance.randrange(1, 200)))
        return Cut(self.chance.random() < 0.6, event, self.chance.choice((0, 0, 3, 12)))

    def steps_meanwhile(self) -> dict[int, timedelta]:
        """At which events of a sync the books move on, and how far; not at all half of the time."""
        if self.chance.random() < 0.5:
            return {}
        return {
            self.chance.randrange(1, 120): timedelta(minutes=self.chance.randrange(1, 90))
            for _ in range(self.chance.randrange(1, 4))
        }

    def _fault(self) -> dict[str, Any]:
        times, fault = self.chance.choice((1, 1, 1, 2, 9)), self.chance.choice(FAULTS)
        return {
            "fault": fault,
            "after": self.chance.choice((self.chance.randrange(8), self.chance.randrange(80))),
            "times": times,
            "seconds": LAG_SECONDS if fault == "lag" else 0.01,
        }
