"""How many requests may be under way at once: enough to use the whole limit at the latency that is measured, and no more."""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST, MOST = 6, 24
ROOM = 2.0  # requests under way are the rate times the latency on average; now and then they are more
LEARNS = 0.1  # what the latest answer counts among all
SPARE = 2  # places that only people's requests get
RECOVERS = 0.5  # places an answer, after a failure


@dataclass(slots=True)
class Breadth:
    """Learns from each answer. After failures (5xx, silence) half as many, and more again with each that is well."""

    per_second: float
    latency: float = 0.5  # seconds from leaving the line until the answer is here whole
    brake: float = MOST

    @property
    def places(self) -> int:
        """How many requests may be under way; people's `SPARE` more."""
        wanted = max(LEAST, math.ceil(self.per_second * self.latency * ROOM))
        return max(1, min(MOST, wanted, int(self.brake)))

    def answered(self, seconds: float) -> None:
        """An answer was whole after so many seconds."""
        self.latency += LEARNS * (seconds - self.latency)
        self.brake = min(MOST, self.brake + RECOVERS)

    def failed(self, under_way: int) -> None:
        """The other side failed while so many requests were under way."""
        self.brake = max(1.0, min(self.brake, under_way) / 2)
