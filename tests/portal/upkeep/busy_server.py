"""`tieout serve` that begins its syncs at once: busy_server.py [CLIENT_KEY]. With a key it connects that company first."""

from __future__ import annotations

import sys

from tieout.config import load
from tieout.portal.serve import serve


def begin() -> None:
    """Ask for a sync, where there is none yet."""
    from django.conf import settings

    from tieout.connectors.base import Secret
    from tieout.portal.sources.actions import create_source
    from tieout.portal.syncs.actions import request_sync
    from tieout.portal.workspaces.actions import create_workspace

    if len(sys.argv) < 2:
        return
    (name, connector), key = next(iter(settings.CONNECTORS.items())), Secret(sys.argv[1])
    reader = connector.open(key)
    company = reader.company()
    reader.close()
    source = create_source(create_workspace("Fixture"), connector=name, company=company, client_key=key)
    request_sync(source, reason="first")


if __name__ == "__main__":
    sys.exit(serve(load(), port=0, on_ready=begin))
