"""Which endpoint a path leads to, whatever its case (contract 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tieout.simulator.poweroffice.api.endpoint import Endpoint


class Routes:
    """Finds endpoints by path; paths without parameters go first."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._plain: dict[str, Endpoint] = {}
        self._patterns: list[tuple[re.Pattern[str], Endpoint]] = []
        for endpoint in endpoints:
            if "{" in endpoint.path:
                pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", endpoint.path)
                self._patterns.append((re.compile(pattern, re.IGNORECASE), endpoint))
            else:
                self._plain[endpoint.path.lower()] = endpoint

    def find(self, path: str) -> tuple[Endpoint, dict[str, str]] | None:
        """The endpoint of a path (`/Customers/7`) and the path's parameters."""
        wanted = path.rstrip("/")
        if (plain := self._plain.get(wanted.lower())) is not None:
            return plain, {}
        for pattern, endpoint in self._patterns:
            if found := pattern.fullmatch(wanted):
                return endpoint, found.groupdict()
        return None


def short_name(endpoint: Endpoint) -> str:
    """How counts and faults call an endpoint: `OutgoingInvoices/Lines`."""
    return re.sub(r"/\{\w+\}(?=/)", "", endpoint.path).lstrip("/")
