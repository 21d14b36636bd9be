"""A server without pages that owes one e-mail, to be killed while it sends: mail_process.py HOME PORT."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from tieout.config import load
from tieout.portal.home import hold_home, prepare

HOME, PORT = sys.argv[1:]


def main() -> int:
    """Make one company that is not proved, unless it is there; look, and send what is due."""
    settings = load({"TIEOUT_HOME": HOME, "TIEOUT_EMAIL_URL": f"smtp://127.0.0.1:{PORT}"})
    with hold_home(settings):
        prepare(settings)
        from tests.portal.syncs.toy_source import make_toy_source
        from tieout.portal.alerts import sending, watch
        from tieout.portal.people.models import Person
        from tieout.portal.sources.models import Source
        from tieout.portal.workspaces.actions import create_workspace, give_role

        now = datetime.now(UTC)
        if not Source.objects.exists():
            workspace = create_workspace("Fixture")
            give_role(workspace, Person.objects.create_person("owner@example.com", "a fixture's password"), "owner")
            source = make_toy_source(workspace)
            Source.objects.filter(pk=source.pk).update(verdict="not_proved", verdict_as_of=now, last_complete_at=now)
        watch.look(now=now)
        sending.send_due(now=now)
    return 0


if __name__ == "__main__":
    sys.exit(main())
