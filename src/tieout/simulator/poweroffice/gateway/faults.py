"""Faults on demand: which answers go wrong, and how (contract 12.8; design of the control)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

KINDS = (
    "429",
    "500",
    "502",
    "503",
    "403",
    "timeout",
    "truncated",
    "disconnected",
    "expired_token",
    "no_pagination_header",
    "lag",
    "shift",
    "repeat",
    "unknown_enum",
    "extra_member",
    "missing_member",
)


_SECONDS = 30.0


@dataclass(slots=True)
class Fault:
    """`path` is the beginning of an endpoint's path ("" any), `org` an organisation number ("" any).

    The first `after` requests that it is about are spared, the next `times` are hit. `seconds` is how long a timeout
    takes, or how far a replica lags.
    """

    fault: str
    path: str = ""
    org: str = ""
    after: int = 0
    times: int = 1
    seconds: float = _SECONDS

    def is_about(self, path: str, organisation_number: str | None) -> bool:
        wanted = re.sub(r"\{\w+\}/", "", self.path.lower().strip("/").removeprefix("v2/"))
        is_there = not wanted or f"{path.lower()}/".startswith(f"{wanted}/")
        return is_there and (not self.org or self.org == organisation_number)


class Faults:
    """All faults that are waiting to happen."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, told: list[dict[str, Any]]) -> None:
        """Raises ValueError for what is no fault, and adds none then."""
        self._waiting += [_fault(one) for one in told]

    def clear(self) -> None:
        self._waiting = []

    def strike(self, path: str, organisation_number: str | None) -> list[Fault]:
        """Those that hit this request; each is spent by that."""
        hits = []
        for fault in [one for one in self._waiting if one.is_about(path, organisation_number)]:
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            hits.append(fault)
        self._waiting = [one for one in self._waiting if one.times > 0]
        return hits

    def as_json(self) -> list[dict[str, Any]]:
        names = Fault.__dataclass_fields__
        return [{name: getattr(fault, name) for name in names} for fault in self._waiting]


def _fault(told: dict[str, Any]) -> Fault:
    if not isinstance(told, dict) or str(told.get("fault")) not in KINDS:
        raise ValueError(f"a fault is one of {', '.join(KINDS)}")
    unknown = set(told) - set(Fault.__dataclass_fields__)
    if unknown:
        raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
    return Fault(
        str(told["fault"]),
        path=str(told.get("path") or ""),
        org=str(told.get("org") or ""),
        after=int(told.get("after") or 0),
        times=int(told.get("times") or 1),
        seconds=float(told.get("seconds") or _SECONDS),
    )
