"""How everything stands, in one answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tieout.cli.status import _lines
from tieout.portal.alerts import watch
from tieout.portal.health.status import status
from tieout.portal.sources.models import Source


def test_answer_is_json_and_tells_incidents_and_each_source(source: Source) -> None:
    now = datetime.now(UTC)
    Source.objects.update(verdict="not_proved")
    watch.look(now=now)
    told = json.loads(json.dumps(status(now=now, pid=4711)))
    assert told["incidents"] == {"error": 1, "warning": 0}
    assert ("not_proved", source.company_name) in [(one["kind"], one["about"]) for one in told["incidents_open"]]
    assert [one["health"] for one in told["sources"]] == ["needs-attention"]
    text = "\n".join(_lines(told))
    assert "served by process 4711" in text
    assert "ERROR  not proved  Fixture Trading AS" in text
