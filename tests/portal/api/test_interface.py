"""The API against its own description: fuzzed in this process, with things that are there, each example undone again."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from pytest_django import Settings
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

from tests.portal.approvals.books import System
from tests.portal.conftest import HOST
from tests.portal.partners.test_connecting import FIRM, FirmsBooks
from tests.portal.saft.factories import make_file
from tests.portal.vouchers.books import MovingBooks
from tests.portal.witnesses.factories import make_witness
from tieout.connectors.base import Secret
from tieout.portal.alerts.models import Incident, Kind
from tieout.portal.api.interface import api
from tieout.portal.approvals.actions import make_link
from tieout.portal.certificates.models import Certificate, Link
from tieout.portal.explorer.asking import ask_for
from tieout.portal.explorer.saved import save
from tieout.portal.feeds import limits
from tieout.portal.feeds.actions import make_token
from tieout.portal.feeds.models import Scope
from tieout.portal.groups.actions import make_group
from tieout.portal.partners import actions as partners
from tieout.portal.people.actions import invite_person
from tieout.portal.people.models import Person
from tieout.portal.planning.actions import make_layout
from tieout.portal.stamps.actions import stamp
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.models import Sync, SyncState
from tieout.portal.webhooks.actions import make as make_webhook
from tieout.portal.workspaces.models import Workspace
from tieout.portal.wsgi import application

DESCRIPTION = json.loads(json.dumps(api.get_openapi_schema()))
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
SCHEMA.app = application
OPERATIONS: list[APIOperation] = sorted(
    (found.ok() for found in SCHEMA.get_all_operations()),
    key=lambda one: (
        one.method == "delete",
        one.label,
    ),  # what deletes rows of the warehouse, which nothing undoes, is last
)
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))  # of each operation, right ones and wrong ones; more at leisure
PATIENT = examples(
    max_examples=EXAMPLES,
    derandomize=True,  # the same examples each time: a failure is no accident
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


@pytest.fixture(scope="module")
def wanted() -> list[Any]:
    schemathesis.checks.load_all_checks()
    return list(schemathesis.checks.CHECKS.get_by_names(CHECKS))


@pytest.fixture
def things(workspace: Workspace, owner: Person, reader: Person, settings: Settings) -> dict[str, Any]:
    """One of everything, by the names of the addresses' parts."""
    books = MovingBooks(workspace)
    books.post(1, date(2026, 1, 5), (1920, "100.10"), (3000, "-100.10"))
    books.sync()
    source, now = books.source, timezone.now()
    sync = Sync.objects.create(source=source, slot="x", reason="person", requested_at=now, state=SyncState.SUCCEEDED)
    facts = {"verdict": "proved", "checks": [], "differences": [], "convention": "restarts", "cause": None}
    sync.events.create(number=1, at=now, code="tie_out", facts=facts)
    link = make_link(workspace, connector="poweroffice", by=owner).link
    webhook, _ = make_webhook(
        workspace, name="x", url="https://example.com/x", form="signed", types=["sync.finished"], by=owner
    )
    Certificate.objects.create(
        link=Link.objects.create(workspace=workspace, number=1, sha256="0" * 64, issued_at=now),
        source=source,
        verdict="proved",
        tied_out_at=now,
        document="{}",
        sql="select 1",
        pdf=b"%PDF-1.7",
    )
    with warehouses.store_of(source) as store:
        store.publish()
    query = ask_for(workspace, owner, "select account_no from core.postings", lambda: False)
    incident = Incident.objects.create(
        workspace=workspace, source=source, kind=Kind.STANDS_STILL, key="x", since=now, opened_at=now
    )
    file = make_file(source, now)
    layout = make_layout(workspace, "Fixture lines", None, companies=[str(source.pk)], by=owner)
    _system_with_a_firm(workspace, owner, settings)
    return {
        "source_id": str(source.pk),
        "sync_id": sync.pk,
        "link_id": str(link.pk),
        "webhook_id": str(webhook.pk),
        "group_id": make_group(workspace, "Fixtures", by=owner).pk,
        "person_id": reader.pk,
        "invitation_id": invite_person(workspace, email="x@example.com", role="reader", by=owner).invitation.pk,
        "stamp_id": str(stamp(source, name="Fixture report", on=date(2026, 1, 31)).pk),
        "incident_id": str(incident.pk),
        "query_id": str(query),
        "witness_id": make_witness(source).pk,
        "number": 1,
        "kind": "json",
        "table": "core.postings",
        "file_id": str(file.pk),
        "layout_id": layout.id,
        "saved_query_id": str(save(workspace, owner, name="x", sql="select 1", is_shared=True).pk),
        "token_id": str(make_token(workspace, owner, name="x", days=1)[0].pk),
        "year": 2026,
        "connector": "poweroffice",
        "report": "trial-balance",
        "ending": "csv",
        "attachment": "pdf",
    }


def _system_with_a_firm(workspace: Workspace, owner: Person, settings: Settings) -> None:
    """From now on an accounting system that is none of the vendor's answers: nothing is asked of anybody else."""
    system = System()
    key = Secret(system.add("Fixture Accounting Firm AS", FIRM).key)
    system.add("Fixture Client AS", "923609016")
    settings.CONNECTORS, settings.APPROVAL_PATIENCE = {"poweroffice": FirmsBooks(system)}, None
    partners.list_anew(partners.set_key(workspace, "poweroffice", key, by=owner))


def test_the_api_keeps_its_own_description_whatever_it_is_asked(
    things: dict[str, Any], wanted: list[Any], workspace: Workspace, owner: Person
) -> None:
    _, secret = make_token(workspace, owner, name="Fuzzer", days=1, scope=Scope.MANAGE)
    headers = {"Host": HOST, "Authorization": f"Bearer {secret}"}
    met = Counter[int]()
    for operation in OPERATIONS:
        parts = {
            one["name"]: things[one["name"]]
            for one in operation.definition.raw.get("parameters", ())
            if one["in"] == "path"
        }
        for mode in GenerationMode:
            _fuzz(operation, mode, parts, headers, wanted, met)
    sys.stdout.write(f"{len(OPERATIONS)} operations, {met.total()} requests, by status {dict(sorted(met.items()))}\n")
    assert met.keys() >= {200, 201, 202, 204, 404, 422}


def _fuzz(
    operation: APIOperation,
    mode: GenerationMode,
    parts: dict[str, Any],
    headers: dict[str, str],
    wanted: list[Any],
    met: Counter[int],
) -> None:
    @PATIENT
    @given(case=operation.as_strategy(mode, path_parameters=parts or None))
    def ask(case: schemathesis.Case) -> None:
        limits._asked.clear()
        with transaction.atomic():
            answer = case.call_and_validate(headers=headers, checks=wanted)
            transaction.set_rollback(True)
        met[answer.status_code] += 1

    ask()
