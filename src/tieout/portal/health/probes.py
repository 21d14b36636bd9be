"""`/healthz`, `/readyz` and `/metrics`: answered before anything else, under whatever host a monitor asks.

The first two tell everybody yes or no. Metrics are for this machine, or for whoever has TIEOUT_METRICS_TOKEN.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from tieout.config import is_loopback
from tieout.portal.health.metrics import exposition
from tieout.portal.health.readiness import readiness

GetResponse = Callable[[HttpRequest], HttpResponse]


class Probes:
    """Answers the three addresses of monitors; everything else passes by."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        if probe is None:
            return self.get_response(request)
        response = probe(request) if request.method in ("GET", "HEAD") else HttpResponse(status=405)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _alive(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _ready(_request: HttpRequest) -> HttpResponse:
    checks = readiness()
    is_ready = all(checks.values())
    return JsonResponse({"ready": is_ready, "checks": checks}, status=200 if is_ready else 503)


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_see_metrics(request):
        return HttpResponse(status=404)  # as if there were none
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_see_metrics(request: HttpRequest) -> bool:
    token = settings.TIEOUT.metrics_token
    if token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return True
    return _is_from_here(request)


def _is_from_here(request: HttpRequest) -> bool:
    """From this machine and to it by name: what a proxy passes on has the public host, and comes from somewhere else."""
    try:
        comes_from = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    host = urlsplit(f"//{request.META.get('HTTP_HOST', '')}").netloc
    is_passed_on = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
    return comes_from.is_loopback and is_loopback(f"//{host}") and not is_passed_on


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": _alive,
    "/readyz": _ready,
    "/metrics": _metrics,
}
