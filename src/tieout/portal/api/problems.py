"""What is wrong with a request, as programs read it (RFC 9457): what happened, and who must act before it can go well.

Each error of the house has one line in the table. What is in no line is a fault of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from tieout.connectors.errors import ConnectorError, NeedsCompanyError, NeedsOperatorError, TryLaterError
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.feeds.odata.errors import FeedError
from tieout.warehouse.base import BusyError

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:tieout:problem:"
WAIT_SECONDS = 30
PARAMETERS = ("asked", "page", "wishes", "wish", "which", "then", "how")  # of views, which the caller knows nothing of


class Who(StrEnum):
    """Who must act."""

    CALLER = "caller"  # mend the request
    OWNER = "owner"  # of the workspace: give another role, another token
    COMPANY = "company"  # its administrator, at the accounting system
    OPERATOR = "operator"  # of this installation
    NOBODY = "nobody"  # try later
    TIEOUT = "tieout"  # a fault of ours


class Problem(Exception):  # noqa: N818 - as RFC 9457 calls it
    """An answer that is no success. `detail` is a sentence for people; `errors` say which field is wrong, and why."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        who: Who = Who.CALLER,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.who = status, code, detail, who
        self.errors, self.headers = errors, headers or {}

    def as_json(self) -> dict[str, Any]:
        """The body."""
        told: dict[str, Any] = {
            "type": TYPES + self.code,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "who_must_act": self.who.value,
        }
        return told | ({"errors": list(self.errors)} if self.errors else {})

    def response(self) -> HttpResponse:
        """The answer."""
        return HttpResponse(
            orjson.dumps(self.as_json()), status=self.status, content_type=MEDIA_TYPE, headers=dict(self.headers)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """How an error of the house is told. `detail` makes the sentence; without one it is the error's own."""

    error: type[Exception]
    status: int
    code: str
    who: Who
    detail: Callable[[], str] | None = None


TABLE = (
    Line(MultiPartParserError, 400, "bad-request", Who.CALLER, lambda: _("The request can't be read.")),
    Line(RequestDataTooBig, 413, "too-large", Who.CALLER, lambda: _("The request can't be read.")),
    Line(Http404, 404, "not-found", Who.CALLER, lambda: _("There is nothing at this address that you may see.")),
    Line(PermissionDenied, 403, "not-allowed", Who.OWNER),
    Line(
        BusyError,
        503,
        "busy",
        Who.NOBODY,
        lambda: _("A command has the warehouse open now. Nothing was changed; try again when it is done."),
    ),
    Line(TryLaterError, 503, "system-busy", Who.NOBODY),
    Line(NeedsCompanyError, 409, "company-must-act", Who.COMPANY),
    Line(NeedsOperatorError, 503, "operator-must-act", Who.OPERATOR),
    Line(ConnectorError, 502, "unexpected-answer", Who.TIEOUT),
    Line(CannotDecryptError, 503, "key-file", Who.OPERATOR),
)


def problem_of(error: Exception) -> Problem:
    """How an error is told."""
    match error:
        case Problem():
            return error
        case ValidationError():
            return invalid({_field(one["loc"]): str(one["msg"]) for one in error.errors}.items())
        case FeedError():
            return Problem(error.status, "bad-question" if error.status == 400 else "no-answer", f"{error}.")
        case HttpError():
            return Problem(error.status_code, "bad-request", _("The body is not JSON that we can read."))
    for line in TABLE:
        if isinstance(error, line.error):
            return _by(line, error)
    detail = _("This is a fault of Tieout. What was stored before is safe.")
    return Problem(500, "fault", detail, who=Who.TIEOUT)


def _by(line: Line, error: Exception) -> Problem:
    headers = {"Retry-After": str(WAIT_SECONDS)} if line.who is Who.NOBODY else {}
    detail = line.detail() if line.detail else _(str(error)) if str(error) else _("Your role does not cover this.")
    return Problem(line.status, line.code, detail, who=line.who, headers=headers)


def invalid(errors: Iterable[tuple[str, str]]) -> Problem:
    """422: by field, what is wrong."""
    told = [{"field": field, "message": message} for field, message in errors]
    return Problem(422, "invalid", _("The request is not as it must be. Nothing was changed."), errors=told)


def checked(form: BaseForm, *, called: Mapping[str, str] = {}) -> dict[str, Any]:
    """What a page's form makes of the same fields, some `called` otherwise here. Raises Problem."""
    if form.is_valid():
        return form.cleaned_data
    names = {"__all__": "", **called}
    raise invalid((names.get(name, name), " ".join(map(str, some))) for name, some in form.errors.items())


def conflict(code: str, detail: str, *, who: Who = Who.CALLER) -> Problem:
    """409: it can't be done as things stand. Nothing was changed."""
    return Problem(409, code, detail, who=who)


def _field(location: Sequence[Any]) -> str:
    """`body.payload.name` of a validation is `name` to the caller."""
    return ".".join(str(part) for part in location[1:] if part not in PARAMETERS) or str(location[0])
