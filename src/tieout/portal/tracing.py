"""Traces for OpenTelemetry: a span per sync, and one in it per request to an accounting system. Off unless an address is set.

Spans carry kinds, numbers and our own ids: no address with its query, no name, no organisation number, no secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tieout import __version__
from tieout.config import Settings, SettingsError
from tieout.connectors.http import observe_with, unobserved

if TYPE_CHECKING:
    from tieout.portal.syncs.models import Sync

_tracer: Any = None
_running: dict[str, Any] = {}  # by data source: the span of its sync. Requests are sent by threads of their own


def follow(settings: Settings) -> None:
    """Send spans where `OTEL_EXPORTER_OTLP_ENDPOINT` says, if it does. Raises SettingsError where the extra is not installed."""
    if not settings.otlp_endpoint:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed. Install tieout[otel], or unset it."
        ) from error
    exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint}/v1/traces")
    use(BatchSpanProcessor(exporter))


def use(processor: Any) -> None:
    """Trace, and give spans to this processor. None: trace no more."""
    global _tracer
    if processor is None:
        observe_with(unobserved)
        _tracer = None
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": "tieout", "service.version": __version__}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("tieout")
    observe_with(_request)


@contextmanager
def of_sync(sync: Sync) -> Iterator[None]:
    """The span of one sync, chunk of a fill, or check; nothing where nobody traces."""
    if _tracer is None:
        yield
        return
    source = str(sync.source_id)
    about = {"tieout.sync": sync.pk, "tieout.source": source, "tieout.connector": sync.source.connector}
    with _tracer.start_as_current_span(f"sync {sync.reason}", attributes=about) as span:
        _running[source] = span
        try:
            yield
        finally:
            _running.pop(source, None)
            told = {"tieout.state": sync.state, "tieout.verdict": sync.verdict, "tieout.requests": sync.requests}
            span.set_attributes({name: value for name, value in told.items() if value is not None})


@contextmanager
def _request(method: str, kind: str, who: str) -> Iterator[Callable[[int], None]]:
    from opentelemetry import trace

    sync = _running.get(who)
    about = {"http.request.method": method, "url.template": kind}
    context = trace.set_span_in_context(sync) if sync is not None else None
    with _tracer.start_as_current_span(
        f"{method} {kind}",
        context=context,
        kind=trace.SpanKind.CLIENT,
        attributes=about,
        record_exception=False,  # its text may tell more than its kind
        set_status_on_exception=False,
    ) as span:
        try:
            yield lambda status: span.set_attribute("http.response.status_code", status)
        except Exception as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.StatusCode.ERROR)
            raise
