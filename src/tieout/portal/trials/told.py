"""What a person tried on a data source, and what became of it: kept in the session, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync
from tieout.portal.trials.acts import BY_NAME, TRIALS, Trial

KEPT = 5
KEY = "trials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One trial. `sync` is the one that followed; None where it has gone meanwhile."""

    trial: Trial
    at: datetime
    happened: str
    sync: Sync | None

    @property
    def is_going_on(self) -> bool:
        return self.sync is not None and self.sync.is_open


def keep(request: HttpRequest, source: Source, trial: Trial, happened: str, sync: Sync) -> None:
    """Remember a trial."""
    told = {
        "source": str(source.pk),
        "trial": trial.name,
        "at": timezone.now().isoformat(),
        "happened": happened,
        "sync": sync.pk,
    }
    request.session[KEY] = [told, *request.session.get(KEY, [])][:KEPT]


def strip_of(request: HttpRequest, source: Source) -> dict[str, Any]:
    """What the strip on a data source's page shows."""
    mine = [told for told in request.session.get(KEY, []) if told["source"] == str(source.pk)]
    syncs = {sync.pk: sync for sync in Sync.objects.filter(source=source, pk__in=[told["sync"] for told in mine])}
    tried = [
        Tried(
            trial=BY_NAME[told["trial"]],
            at=datetime.fromisoformat(told["at"]),
            happened=told["happened"],
            sync=syncs.get(told["sync"]),
        )
        for told in mine
    ]
    return {"trials": TRIALS, "tried": tried, "is_going_on": any(one.is_going_on for one in tried), "source": source}
