"""`tieout serve` in compressed time: the same program, but its clock ticks every few seconds and its limit is high.

`python -m bench.soak_server COMPANIES.json`: connects those companies at its first start. A file `night` in TIEOUT_HOME makes
what is asked for thorough, as a night does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.soak_memory import tell_into
from tieout.config import Settings, load
from tieout.connectors import registry
from tieout.connectors.poweroffice import PowerOffice
from tieout.portal.serve import serve

TICK = "*/3 * * * * *"
REQUESTS_A_SECOND = 400.0


def _connectors(settings: Settings) -> dict[str, PowerOffice]:
    return {"poweroffice": PowerOffice(settings, requests_per_second=REQUESTS_A_SECOND)}


def _hurry(settings: Settings) -> None:
    """What a week has time for and a soak has not."""
    from tieout.portal.syncs import schedule
    from tieout.warehouse.duckdb import file

    file.RENEWED_AFTER_SECONDS = 60  # in place of ten minutes, as a week is an hour

    schedule.BY_THE_CLOCK = (("request due syncs", TICK, "request_due"), *schedule.BY_THE_CLOCK[1:])
    schedule.is_nightly_due = lambda _source, *, now: (settings.home / "night").exists()


def _connect(path: Path) -> None:
    from tieout.connectors.base import Company, Secret
    from tieout.portal.sources.actions import create_source
    from tieout.portal.sources.models import Source
    from tieout.portal.workspaces.models import Workspace

    if Source.objects.exists():
        return
    workspace = Workspace.objects.get()
    companies: list[dict[str, Any]] = json.loads(path.read_text())
    for told in companies:
        company = Company(name=told["name"], organisation_number=told["organisation_number"])
        create_source(workspace, connector="poweroffice", company=company, client_key=Secret(told["client_key"]))


def main() -> int:
    settings = load()
    registry.connectors = _connectors  # type: ignore[assignment]
    from tieout.portal import home

    prepare = home.prepare

    def prepared(of: Settings) -> None:
        prepare(of)
        _hurry(of)
        tell_into(of.home / "memory.jsonl")

    import tieout.portal.serve as served

    served.prepare = prepared  # before its jobs begin
    return serve(settings, port=0, on_ready=lambda: _connect(Path(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
