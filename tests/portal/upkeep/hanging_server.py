"""A server whose sync waits for an answer that never comes: hanging_server.py LEAVE_WITHIN_SECONDS. Says "hangs" when it does."""

from __future__ import annotations

import sys
import threading

from tieout.config import load
from tieout.portal.serve import serve


def begin() -> None:
    from django.conf import settings

    from tests.portal.syncs.toy_source import LinesConnector, make_toy_source
    from tieout.portal.syncs.actions import request_sync
    from tieout.portal.workspaces.actions import create_workspace

    def hang(_ask: object, _number: int) -> None:
        sys.stdout.write("hangs\n")
        sys.stdout.flush()
        threading.Event().wait()

    connector = LinesConnector()
    connector.system.on_page = hang
    settings.CONNECTORS = {"toy": connector}
    request_sync(make_toy_source(create_workspace("Fixture")), reason="person")


if __name__ == "__main__":
    sys.exit(serve(load(), port=0, on_ready=begin, leave_within=float(sys.argv[1])))
