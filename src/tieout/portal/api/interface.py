"""The API as a whole: its parts, how errors are told, and its description (OpenAPI 3.1)."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from tieout.portal.api.access import Bearer
from tieout.portal.api.problems import problem_of
from tieout.portal.api.views import proofs, sources, syncs

log = logging.getLogger(__name__)


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


@api.exception_handler(Exception)
def _told(_request: HttpRequest, error: Exception) -> HttpResponse:
    problem = problem_of(error)
    if problem.status == 500:
        log.error("A request of the API failed", exc_info=error)
    return problem.response()


for part in (sources, syncs, proofs):
    api.add_router("/sources", part.router)
