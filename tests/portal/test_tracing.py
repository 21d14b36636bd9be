"""Spans of syncs and of requests, as an in-memory exporter gets them: what belongs together, and nothing of a person's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors.fake_server import Reply, fake_server
from tieout.config import load
from tieout.connectors.errors import ConnectorError
from tieout.connectors.http import Call, Http, Meter
from tieout.connectors.rate_limit import NoLimit
from tieout.connectors.turns import Claim, Priority
from tieout.portal import tracing
from tieout.portal.sources.models import Source
from tieout.portal.syncs.actions import request_sync

SECRET = "a-secret-of-a-fixture"


@pytest.fixture
def spans() -> Iterator[Any]:
    pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    tracing.use(SimpleSpanProcessor(exporter))
    yield exporter
    tracing.use(None)


def ask(url: str, who: str) -> None:
    http = Http(NoLimit(), user_agent="test", trust_environment=False)
    call = Call(
        method="GET",
        url=f"{url}/v2/Customers/{SECRET}7",
        headers={"Authorization": SECRET},
        params={"name": SECRET},
        patience=1,
    )
    http.send(call, Meter(Claim(who, Priority.FRESH)))
    http.close()


def test_a_request_is_a_span_within_its_sync_though_another_thread_sends_it(source: Source, spans: Any) -> None:
    sync = request_sync(source, reason="person")
    with fake_server(lambda _asked: Reply.of([])) as server, tracing.of_sync(sync):
        thread = threading.Thread(target=ask, args=(server.url, str(source.pk)))
        thread.start()
        thread.join()
        sync.state, sync.verdict, sync.requests = "succeeded", "proved", 1
    request, whole = spans.get_finished_spans()
    assert (request.name, whole.name) == ("GET */Customers/*", "sync person")
    assert request.parent.span_id == whole.context.span_id
    assert request.attributes["http.response.status_code"] == 200
    assert whole.attributes["tieout.verdict"] == "proved"
    assert whole.attributes["tieout.source"] == str(source.pk)


def test_no_span_tells_a_name_a_number_or_a_secret(source: Source, spans: Any) -> None:
    with fake_server(lambda _asked: Reply.of({"Name": "Fixture Person"}, 200)) as server:
        with tracing.of_sync(request_sync(source, reason="person")):
            ask(server.url, str(source.pk))
        with pytest.raises(ConnectorError):
            ask("http://127.0.0.1:9", "")
    told = "".join(one.to_json() for one in spans.get_finished_spans())
    assert "TryLaterError" in told
    for private in (SECRET, "Fixture", source.organisation_number, "approver@example.com"):
        assert private not in told


def test_nothing_is_traced_unless_an_address_is_set(source: Source) -> None:
    tracing.follow(load({}))
    with fake_server(lambda _asked: Reply.of([])) as server, tracing.of_sync(request_sync(source, reason="person")):
        ask(server.url, str(source.pk))
    assert tracing._tracer is None
    assert load({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318/"}).otlp_endpoint == "http://127.0.0.1:4318"
