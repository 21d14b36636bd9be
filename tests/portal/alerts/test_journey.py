"""From a link to a withdrawn approval and back, on the real connector: who is told when, and what the log never says."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.portal.approvals.test_against_the_simulator import NAME, Vendor, vendor
from tests.portal.conftest import PASSWORD, browser_of
from tests.portal.syncs.memory_jobs import MemoryJobs
from tests.portal.webhooks.conftest import Receiver, _may_post_here, receiver
from tests.simulators import Simulator, running_simulator
from tieout.portal.alerts.models import Incident, Kind
from tieout.portal.alerts.tasks import look_and_send
from tieout.portal.approvals.actions import make_link, make_renewal_link
from tieout.portal.logs import JsonLines, MasksSecrets
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.webhooks import actions as webhooks
from tieout.portal.webhooks.models import CHOSEN, Form
from tieout.portal.workspaces.models import Workspace

__all__ = ["_may_post_here", "receiver", "vendor"]


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with running_simulator(size="tiny", throttle=False, now=None, thread=True) as simulator:
        yield simulator


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a server with TIEOUT_LOG=json writes, and all that our own code and Django could say besides."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    handler.addFilter(MasksSecrets())
    levels = {"": logging.WARNING, "tieout": logging.DEBUG, "django": logging.INFO}
    loggers = [logging.getLogger(name) for name in levels]
    before = [(one, one.level) for one in loggers]
    for one in loggers:
        one.addHandler(handler)
        one.setLevel(levels["" if one is logging.root else one.name])
    yield written
    for one, level in before:
        one.removeHandler(handler)
        one.setLevel(level)


def approve(vendor: Vendor, token: str) -> Client:
    """An outsider opens a link, goes through the system's own pages, and comes back."""
    outsider = browser_of()
    page = outsider.get(reverse("approvals:request", args=[token])).content.decode()
    key = re.search(r'name="form_key" value="([0-9a-f]+)"', page)
    assert key
    left = outsider.post(reverse("approvals:request", args=[token]), {"form_key": key.group(1)})
    numbers = [vendor.simulator.company()["organisation_number"]]
    back = vendor.approve_there(left["Location"], *numbers)
    parts = urlsplit(back)
    outsider.get(f"{parts.path}?{parts.query}", follow=True)
    return outsider


def run_but_fills(jobs: MemoryJobs) -> None:
    """Run what waits; an invoice a request says nothing here."""
    while jobs.waiting:
        for job in jobs.waiting:
            if job.task == "fill":
                jobs.cancel(job.id)
        if jobs.waiting:
            jobs.run_next()


def subjects() -> list[str]:
    return [str(letter.subject) for letter in mail.outbox]


def secrets_of(vendor: Vendor, source: Source, *more: str) -> set[str]:
    """What must be in no log: keys, tokens, cookies, addresses of people."""
    keys = vendor.simulator.keys
    people = [one[field] for one in vendor.simulator.people() for field in ("email", "password")]
    return {keys["application_key"], keys["subscription_key"], client_key(source).reveal(), PASSWORD, *people, *more}


@pytest.mark.django_db(transaction=True)
def test_withdrawn_approval_is_told_by_the_sync_that_meets_it_and_no_log_tells_a_secret(
    vendor: Vendor,
    workspace: Workspace,
    owner: Person,
    memory_jobs: MemoryJobs,
    receiver: Receiver,
    settings: Settings,
    log: io.StringIO,
) -> None:
    browser = browser_of()
    browser.post(reverse("account_login"), {"login": owner.email, "password": PASSWORD})
    _endpoint, signing_secret = webhooks.make(
        workspace, name="Warehouse", url=receiver.url, form=Form.SIGNED, types=CHOSEN, by=owner
    )
    fresh = make_link(workspace, connector=NAME, by=owner)
    approve(vendor, fresh.token)
    run_but_fills(memory_jobs)
    source = Source.objects.get()
    first_key = client_key(source).reveal()
    assert any("first sync done" in subject for subject in subjects())

    mail.outbox.clear()
    vendor.simulator.revoke(source.organisation_number, now=True)
    browser.post(reverse("syncs:sync_now", args=[source.pk]))
    run_but_fills(memory_jobs)
    source.refresh_from_db()
    assert source.approval_state == ApprovalState.WITHDRAWN
    (told,) = subjects()
    assert told.startswith(f"{source.company_name}: approval withdrawn – numbers stand at ")

    look_and_send()  # none per retry
    assert [job.task for job in memory_jobs.waiting] == []

    mail.outbox.clear()
    renewal = make_renewal_link(source, by=owner)
    approve(vendor, renewal.token)
    memory_jobs.cancel(memory_jobs.waiting[0].id)  # the sync that follows says nothing new
    look_and_send()
    run_but_fills(memory_jobs)
    assert any("approved again" in subject for subject in subjects())
    incident = Incident.objects.get(kind=Kind.APPROVAL_WITHDRAWN)
    assert incident.closed_at

    _fail_a_page(browser, settings)
    types = [json.loads(body)["type"] for _headers, body in receiver.posted]
    assert types.count("incident.opened") >= 1
    assert types.count("incident.closed") == 1
    assert "sync.finished" in types

    text = log.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"sync_id"} <= {key for line in lines for key in line}
    cookies = [morsel.value for morsel in browser.cookies.values() if len(morsel.value) > 8]
    more = (first_key, fresh.token, renewal.token, signing_secret, receiver.url, "s3cr3t-of-the-address", owner.email)
    found = [secret for secret in (*secrets_of(vendor, source, *more), *cookies) if secret in text]
    assert not found


def _fail_a_page(browser: Client, settings: Settings) -> None:
    """A fault of ours while a page is made: its traceback is logged."""
    connectors, settings.CONNECTORS = settings.CONNECTORS, {}
    browser.raise_request_exception = False
    answer: Any = browser.get(reverse("syncs:overview", args=[Source.objects.get().pk]))
    settings.CONNECTORS = connectors
    assert answer.status_code == 500
