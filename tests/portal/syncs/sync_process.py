"""A server without pages, to be killed: sync_process.py HOME [die-at-page]. Syncs a toy source by its own durable jobs."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tieout.config import load
from tieout.portal.home import hold_home, prepare

HOME = Path(sys.argv[1])
DIE_AT = int(sys.argv[2]) if len(sys.argv) > 2 else None
SECONDS = 60


def main() -> int:
    """Ask for a first sync unless there is one, and wait until everything has ended well."""
    settings = load({"TIEOUT_HOME": str(HOME), "TIEOUT_DISK_PERCENT": "101"})
    with hold_home(settings):
        prepare(settings)
        from django.conf import settings as django_settings

        from tests.portal.syncs.toy_source import LinesConnector, make_toy_source
        from tieout.portal.sources.models import Source
        from tieout.portal.syncs import actions, jobs
        from tieout.portal.workspaces.actions import create_workspace

        connector = LinesConnector()
        pages = 0

        def count_page(ask: object, number: int) -> None:
            nonlocal pages
            pages += 1
            if pages == DIE_AT:
                os.kill(os.getpid(), signal.SIGKILL)

        connector.system.on_page = count_page
        django_settings.CONNECTORS = {"toy": connector}
        jobs.start(settings)
        if not Source.objects.exists():
            actions.request_sync(make_toy_source(create_workspace("Fixture")), reason="first")
        ended_well = _wait()
        jobs.stop()
    return 0 if ended_well else 1


def _wait() -> bool:
    from tieout.portal.sources.models import Source
    from tieout.portal.syncs.models import OPEN_STATES, StreamState, Sync

    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        is_done = Source.objects.filter(first_sync_done_at__isnull=False).exists()
        is_filled = StreamState.objects.filter(stream="lines", rows=20).exists()
        if is_done and is_filled and not Sync.objects.filter(state__in=OPEN_STATES).exists():
            return True
        time.sleep(0.05)
    return False


if __name__ == "__main__":
    sys.exit(main())
