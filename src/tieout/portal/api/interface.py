"""The API as a whole: its parts, how errors are told, and its description (OpenAPI 3.1)."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from tieout.portal.api.access import Bearer
from tieout.portal.api.idempotency import LONGEST
from tieout.portal.api.problems import MEDIA_TYPE, invalid, problem_of
from tieout.portal.api.shapes.base import Problem
from tieout.portal.api.views import (
    alerts,
    attachments,
    audit_log,
    certificates,
    firms,
    groups,
    incidents,
    links,
    members,
    overviews,
    people,
    planning,
    proofs,
    queries,
    reports,
    saft,
    saved_queries,
    sources,
    stamps,
    syncs,
    tables,
    webhooks,
    witnesses,
)

log = logging.getLogger(__name__)
CONVERTER = re.compile(r"<(\w+:)?")  # in a route of Django


class Strict(Parser):
    """JSON as the standard has it: no half characters, which no database takes."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


class Plain(BaseRenderer):
    """JSON with times in UTC to the microsecond."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class Interface(NinjaAPI):
    """NinjaAPI with the names of operations that generated clients will have: `syncs_begin`."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return f"{operation.view_func.__module__.rpartition('.')[2]}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The description, with what holds for every operation."""
        described = super().get_openapi_schema(**more)
        described["components"]["schemas"] |= _problem_schemas()
        for operations in described["paths"].values():
            for method, operation in operations.items():
                operation["responses"] |= ERRORS
                operation["summary"] = operation["description"].partition(". ")[0].partition("\n")[0].rstrip(".")
                if method == "post":
                    operation["parameters"] = [*operation.get("parameters", []), KEY]
        return described


_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ERRORS = {
    "4XX": {"description": "Refused; nothing was changed", "content": _PROBLEM},
    "5XX": {"description": "Not possible now", "content": _PROBLEM},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key within 24 hours, the request is not done again: the first answer is given.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
}


def _problem_schemas() -> dict[str, Any]:
    made = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    others: dict[str, Any] = made.pop("$defs", {})
    return others | {"Problem": made}


api = Interface(
    title="Tieout",
    version="1",
    description="Data sources, their syncs and proofs, and everything else that a page can do.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=Bearer(),
    parser=Strict(),
    renderer=Plain(),
)


# The framework answers its own kinds itself, without a word of which field is wrong, unless each is named.
@api.exception_handler(ValidationError)
@api.exception_handler(HttpError)
@api.exception_handler(Http404)
@api.exception_handler(Exception)
def _told(_request: HttpRequest, error: Exception) -> HttpResponse:
    problem = problem_of(error)
    if problem.status == 500:
        log.error("A request of the API failed", exc_info=error)
    return problem.response()


for prefix, router in (
    ("/sources", sources.router),
    ("/sources", syncs.router),
    ("/sources", proofs.router),
    ("/sources", stamps.router),
    ("/sources", certificates.router),
    ("/sources", links.of_sources),
    ("/links", links.router),
    ("/sources", witnesses.router),
    ("/sources", saft.router),
    ("/sources", attachments.router),
    ("/tables", tables.router),
    ("/queries", queries.router),
    ("/saved-queries", saved_queries.router),
    ("/reports", reports.router),
    ("/firm", firms.router),
    ("", planning.router),
    ("", overviews.router),
    ("/groups", groups.router),
    ("/webhooks", webhooks.router),
    ("", people.router),
    ("", members.router),
    ("", incidents.router),
    ("", alerts.router),
    ("", audit_log.router),
):
    api.add_router(prefix, router)


@cache
def _queries() -> dict[tuple[str, str], frozenset[str]]:
    """What the query of each operation may name, by path and method, as described."""
    return {
        (path, method): frozenset(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method, operation in operations.items()
    }


def refuse_unknown(request: HttpRequest) -> None:
    """Raise Problem for a query that names what the operation does not know: a typing error would be taken for no wish."""
    route = request.resolver_match.route if request.resolver_match else ""
    method = (request.method or "").lower().replace("head", "get")
    known = _queries().get((f"/{CONVERTER.sub('{', route)}".replace(">", "}"), method))
    unknown = sorted(set(request.GET) - known) if known is not None else []
    if unknown:
        raise invalid((name[:100], _("There is no such parameter here.")) for name in unknown[:10])
