"""A server without pages that owes one e-mail, to be killed while it sends: mail_process.py HOME PORT."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from tieout.config import load
from tieout.portal.home import hold_home, prepare

HOME, PORT = sys.argv[1:]


def main() -> int:
    """Make one company that is not proved; then look and send in a process of its own, twice: the first is killed."""
    settings = load({"TIEOUT_HOME": HOME, "TIEOUT_EMAIL_URL": f"smtp://127.0.0.1:{PORT}"})
    with hold_home(settings):
        prepare(settings)
        from django.db import connections

        _make_company()
        connections.close_all()
        return [_in_a_process_of_its_own() for _time in range(2)][-1]


def _make_company() -> None:
    from tests.portal.syncs.toy_source import make_toy_source
    from tieout.portal.people.models import Person
    from tieout.portal.sources.models import Source
    from tieout.portal.workspaces.actions import create_workspace, give_role

    now, workspace = datetime.now(UTC), create_workspace("Fixture")
    give_role(workspace, Person.objects.create_person("owner@example.com", "a fixture's password"), "owner")
    source = make_toy_source(workspace)
    Source.objects.filter(pk=source.pk).update(verdict="not_proved", verdict_as_of=now, last_complete_at=now)


def _in_a_process_of_its_own() -> int:
    from tieout.portal.alerts import sending, watch

    child = os.fork()
    if child == 0:
        watch.look(now=datetime.now(UTC))
        sending.send_due()
        os._exit(0)
    sys.stdout.write(f"{child}\n")
    sys.stdout.flush()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
