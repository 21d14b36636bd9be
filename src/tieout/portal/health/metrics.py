"""`/metrics`: the figures as Prometheus reads them. Sums are counted from the tables, so that no restart loses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tieout import __version__
from tieout.portal.health import beats
from tieout.portal.health.figures import Figures, figures


class _Now(Collector):
    """The figures of one moment."""

    def __init__(self, told: Figures) -> None:
        self._told = told

    def collect(self) -> Iterator[Metric]:
        """Every series. No label holds a company's name, nor anything else that a person wrote."""
        told = self._told
        yield _gauge("tieout_build_info", "The version that runs.", {__version__: 1}, "version")
        yield CounterMetricFamily("tieout_requests", "Requests to accounting systems.", value=told.requests)
        yield CounterMetricFamily("tieout_requests_refused", "Requests refused as too many.", value=told.refused)
        yield _counter("tieout_syncs", "Syncs that have ended.", told.syncs, "outcome")
        yield _gauge("tieout_sources", "Data sources by health.", told.health, "health")
        yield _gauge("tieout_verdicts", "Data sources by verdict.", told.verdicts, "verdict")
        yield _gauge("tieout_incidents_open", "Incidents that are not over.", told.incidents, "gravity")
        if told.oldest_seconds is not None:
            text = "Age of the oldest complete picture of a data source that is kept fresh."
            yield GaugeMetricFamily("tieout_oldest_data_seconds", text, value=told.oldest_seconds)
        yield GaugeMetricFamily("tieout_queue_length", "Syncs that wait for their turn.", value=told.queued)
        yield GaugeMetricFamily("tieout_syncs_running", "Syncs that run.", value=told.running)
        yield GaugeMetricFamily("tieout_messages_waiting", "E-mails that are due.", value=told.messages_waiting)
        yield GaugeMetricFamily("tieout_webhooks_waiting", "Webhooks that are due.", value=told.deliveries_waiting)
        yield GaugeMetricFamily("tieout_disk_used_percent", "Of the disk of TIEOUT_HOME.", value=told.disk_percent)
        since = "Since what runs by the clock last came round."
        yield GaugeMetricFamily("tieout_clock_seconds", since, value=beats.seconds_since())


def _gauge(name: str, text: str, values: Mapping[str, int], label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for of, value in values.items():
        family.add_metric([of], value)
    return family


def _counter(name: str, text: str, values: Mapping[str, int], label: str) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for of, value in values.items():
        family.add_metric([of], value)
    return family


def exposition() -> bytes:
    """All series as text."""
    registry = CollectorRegistry()
    registry.register(_Now(figures(now=timezone.now())))
    return generate_latest(registry)
