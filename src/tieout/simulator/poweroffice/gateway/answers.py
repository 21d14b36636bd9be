"""Bodies of refusals, in the vendor's three families (contract 8.1), and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.responses import Response

NO_KEY = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
WRONG_KEY = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)
NO_INTEGRATION = "Client integration not found. Please ensure the provided keys are matching the desired environment."


def json(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")


def gateway(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """What the gateway says before the backend is reached."""
    return json({"statusCode": status, "message": message}, status, headers)


def not_found() -> Response:
    """An unknown route, a missing required parameter, an address too long: the gateway tells them not apart."""
    return gateway(404, "Resource not found")


def throttled(*, retry_after: bool) -> Response:
    headers = {"Retry-After": "1"} if retry_after else None
    return gateway(429, "Rate limit is exceeded. Try again in 1 seconds.", headers)


def oauth(error: str, description: str) -> Response:
    return json({"error": error, "error_description": description}, 400)


def problem(status: int, detail: str, instance: str, *, title: str | None = None) -> Response:
    """ProblemDetails in lower case, as seen on the wire."""
    body = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    return Response(orjson.dumps(body), status, media_type="application/problem+json")
