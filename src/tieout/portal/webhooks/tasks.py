"""Jobs of this app: one endpoint's deliveries, so that one that is slow keeps no other waiting."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from tieout.portal.syncs import jobs
from tieout.portal.syncs.tasks import task
from tieout.portal.webhooks import delivering
from tieout.portal.webhooks.models import Endpoint


@task
def deliver_webhooks(*, endpoint_id: str) -> None:
    """Post what is due to one endpoint."""
    endpoint = Endpoint.objects.filter(pk=endpoint_id, disabled_at=None).first()  # Not of one workspace: a job's own
    if endpoint is not None:
        delivering.deliver_due(endpoint)


def ask_to_deliver(now: datetime) -> None:
    """A durable job for each endpoint with something due. Never two of one endpoint at once."""
    engine = jobs.engine()
    for endpoint in delivering.due(now) if engine else []:
        assert engine is not None
        engine.enqueue(
            jobs.Job(
                id=f"webhook:{uuid4()}",
                task="deliver_webhooks",
                partition=f"webhook:{endpoint.pk}",
                queue=jobs.Queue.PEOPLE,
                arguments={"endpoint_id": str(endpoint.pk)},
            )
        )
