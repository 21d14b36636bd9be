"""Webhooks: signed as the Standard Webhooks say, tried again, given up, and never led astray."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from tests.portal.syncs.conftest import _process_goes_on, memory_jobs
from tests.portal.syncs.factories import make_sync, tell
from tests.portal.syncs.memory_jobs import MemoryJobs
from tests.portal.webhooks.conftest import Receiver
from tieout.portal.alerts import watch
from tieout.portal.alerts.models import Incident, Kind
from tieout.portal.alerts.tasks import look_and_send
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.webhooks import actions, delivering, events
from tieout.portal.webhooks.models import CHOSEN, Delivery, Endpoint, Form
from tieout.portal.workspaces.models import Workspace

__all__ = ["_process_goes_on", "memory_jobs"]


@pytest.fixture
def signed(workspace: Workspace, owner: Person, receiver: Receiver) -> tuple[Endpoint, str]:
    return actions.make(workspace, name="Warehouse", url=receiver.url, form=Form.SIGNED, types=CHOSEN, by=owner)


def fail(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(verdict="not_proved", verdict_note={"differing": 3, "compared": 214})


def deliver_all(now: datetime | None = None) -> int:
    now = now or datetime.now(UTC)
    return sum(delivering.deliver_due(endpoint, now=now) for endpoint in delivering.due(now))


def test_public_package_verifies_what_is_posted(
    source: Source, signed: tuple[Endpoint, str], receiver: Receiver
) -> None:
    _endpoint, secret = signed
    fail(source)
    watch.look(now=datetime.now(UTC))
    deliver_all()
    told = {}
    for headers, body in receiver.posted:
        event = Webhook(secret).verify(body, headers)
        told[event["data"]["kind"]] = event
    event = told["not_proved"]
    assert event["type"] == "incident.opened"
    assert event["data"]["company"] == source.company_name
    assert event["data"]["url"] == f"http://127.0.0.1:8000/sources/{source.pk}/proof/"


def test_finished_sync_is_told_once_with_its_verdict_and_changed_tables(
    source: Source, signed: tuple[Endpoint, str], receiver: Receiver
) -> None:
    now = datetime.now(UTC)
    sync = make_sync(source, at=now, verdict="proved", finished_at=now + timedelta(seconds=1))
    for stream, new in (("customers", 2), ("customers", 1), ("products", 0)):
        tell(sync, "stream_finished", stream=stream, new=new, changed=0, removed=0)
    events.tell_syncs(now=now)
    events.tell_syncs(now=now + timedelta(minutes=1))
    deliver_all(now + timedelta(minutes=2))
    (posted,) = [json.loads(body) for _headers, body in receiver.posted]
    assert posted["type"] == "sync.finished"
    assert posted["data"]["verdict"] == "proved"
    assert posted["data"]["tables"] == [{"table": "raw_toy.customers", "new": 3, "changed": 0, "removed": 0}]


def test_chat_gets_one_line_of_text_in_the_language_of_who_set_it_up(
    source: Source, workspace: Workspace, owner: Person, receiver: Receiver
) -> None:
    actions.make(workspace, name="Chat", url=receiver.url, form=Form.CHAT, types=CHOSEN, by=owner)
    Source.objects.update(company_name="Fixture <b> & Sons AS")
    fail(source)
    watch.look(now=datetime.now(UTC))
    deliver_all()
    texts = [json.loads(body)["text"] for _headers, body in receiver.posted]
    (text,) = [text for text in texts if "not proved" in text]
    assert text.startswith("Fixture &lt;b&gt; &amp; Sons AS: not proved – 3 of 214 accounts differ")
    assert "webhook-signature" not in receiver.posted[0][0]


def test_refused_delivery_is_tried_again_after_a_pause_and_keeps_its_id(
    source: Source, signed: tuple[Endpoint, str], receiver: Receiver
) -> None:
    now = datetime.now(UTC)
    receiver.status, receiver.text = 503, b"come back\nlater"
    delivery = events.put(signed[0], CHOSEN[0], "x", at=now, data={"n": 1})
    assert deliver_all() == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.answer, delivery.tries) == (503, "come back later", 1)
    receiver.status = 200
    assert deliver_all() == 0, "not before its time"
    assert deliver_all(now + timedelta(minutes=2)) == 1
    assert len({headers["webhook-id"] for headers, _body in receiver.posted}) == 1
    assert len({headers["webhook-timestamp"] for headers, _body in receiver.posted}) == 2


def test_redirects_are_not_followed(signed: tuple[Endpoint, str], receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.1:9/inside"}
    delivery = events.test(signed[0])
    assert not delivering.deliver(delivery, now=datetime.now(UTC))
    delivery.refresh_from_db()
    assert delivery.status == 302


def test_endpoint_that_fails_for_days_is_switched_off_and_somebody_is_told(
    source: Source, signed: tuple[Endpoint, str], receiver: Receiver, owner: Person
) -> None:
    endpoint, _secret = signed
    receiver.status = 500
    now = datetime.now(UTC)
    for day in range(7):
        moment = now + timedelta(days=day)
        events.put(endpoint, CHOSEN[0], f"day {day}", at=moment, data={})
        deliver_all(moment + timedelta(hours=1))
    endpoint.refresh_from_db()
    assert endpoint.is_disabled_by_failure
    assert endpoint.disabled_at
    watch.look(now=endpoint.disabled_at)
    incident = Incident.objects.get(kind=Kind.WEBHOOK_DISABLED)
    actions.switch_on(endpoint, by=owner)
    watch.look(now=endpoint.disabled_at)
    incident.refresh_from_db()
    assert incident.closed_at
    assert not Delivery.objects.filter(due_at__isnull=False).exists(), "what waited is not posted afterwards"


def test_one_success_forgets_earlier_failures(signed: tuple[Endpoint, str], receiver: Receiver) -> None:
    receiver.status = 500
    now = datetime.now(UTC)
    events.put(signed[0], CHOSEN[0], "x", at=now, data={})
    deliver_all(now)
    receiver.status = 204
    deliver_all(now + timedelta(hours=1))
    endpoint = Endpoint.objects.get()
    assert endpoint.failing_since is None


def test_address_and_secret_are_encrypted_at_rest(signed: tuple[Endpoint, str], receiver: Receiver) -> None:
    endpoint, secret = signed
    row = str(Endpoint.objects.values().get())
    assert "s3cr3t" not in row
    assert secret not in row
    assert endpoint.reveal("url").reveal() == receiver.url


def test_look_asks_for_a_durable_job_for_each_endpoint(
    source: Source, signed: tuple[Endpoint, str], receiver: Receiver, memory_jobs: MemoryJobs
) -> None:
    fail(source)
    look_and_send()
    assert "deliver_webhooks" in [job.task for job in memory_jobs.waiting]
    memory_jobs.run_all()
    assert receiver.posted
