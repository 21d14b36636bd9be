"""The job of this app: going on with companies that wait. Safe to run at any time, beside requests too."""

from __future__ import annotations

from tieout.portal.partners import connecting
from tieout.portal.syncs.tasks import task


@task
def connect_clients() -> None:
    """Connect what a firm's people chose and what a stop left. Each minute."""
    connecting.go_on()
