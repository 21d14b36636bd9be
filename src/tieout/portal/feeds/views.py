"""*Feeds*: the page with a person's tokens, and the addresses that programs read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieout.portal import shown_once
from tieout.portal.feeds import actions, limits, queries, reading
from tieout.portal.feeds.forms import TokenForm
from tieout.portal.feeds.models import FeedToken
from tieout.portal.feeds.odata.errors import FeedError, NotThereError
from tieout.portal.feeds.reading import Reader
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.models import Workspace
from tieout.portal.workspaces.queries import person_of, workspace_of

JSON = "application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8"
_PAGE = re.compile(r"maxpagesize\s*=\s*(\d{1,9})")
Answering = Callable[..., HttpResponseBase]


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """A person's tokens, the form that makes one more, and what to paste into Excel and Power BI."""
    workspace, person = workspace_of(request), person_of(request)
    form = TokenForm(request.POST or None, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        token, secret = actions.make_token(workspace, person, **form.cleaned_data)
        shown_once.remember(request, secret, token.place())
        return redirect("feeds:made", token.pk)
    own = queries.tokens_of(workspace, person).prefetch_related("companies")
    root = _root(workspace)
    return render(
        request,
        "feeds/tokens.html",
        {
            "form": form,
            "tokens": own,
            "root": root,
            "query": f'OData.Feed("{root}", null, [Implementation = "2.0"])',
            "is_reachable": settings.PUBLIC_URL.startswith("https://"),
        },
    )


@reader_required
@require_safe
def made(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """A new token's secret, once."""
    workspace = workspace_of(request)
    token = get_object_or_404(queries.tokens_of(workspace, person_of(request)), pk=token_id)
    secret = shown_once.take(request, token.place())
    if not secret:
        return redirect("feeds:tokens")
    return render(request, "feeds/made.html", {"token": token, "secret": secret, "root": _root(workspace)})


@reader_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Close the feeds to a token."""
    person = person_of(request)
    token = get_object_or_404(queries.tokens_of(workspace_of(request), person), pk=token_id)
    actions.revoke_token(token, person)
    messages.success(request, _("%(name)s opens nothing any more.") % {"name": token.name})
    return redirect("feeds:tokens")


def _for_programs(view: Answering) -> Answering:
    """A token in place of a session; errors as OData tells them; compressed where the program takes it."""

    @csrf_exempt
    @require_safe
    @gzip_page
    @wraps(view)
    def answered(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        workspace = Workspace.objects.filter(slug=slug).first()
        token = actions.token_in(request.headers.get("Authorization", ""), workspace) if workspace else None
        if workspace is None or token is None:
            response = _error(401, "A feed token is needed: as password with any user name, or as bearer.")
            response["WWW-Authenticate"] = 'Basic realm="Tieout", charset="UTF-8"'
            return response
        if actions.lacks_factor(token):
            return _error(403, str(actions.FACTOR_NEEDED))
        if wait := limits.seconds_to_wait(token.pk):
            response = _error(429, f"More than {limits.REQUESTS} requests in a minute; go on after {wait} s.")
            response["Retry-After"] = str(wait)
            return response
        actions.note_read(token, "feed_read", what=request.path, address=request.META.get("REMOTE_ADDR", ""))
        try:
            return view(request, _reader(request, workspace, token), *args, **kwargs)
        except FeedError as error:
            return _error(error.status, str(error))

    return answered


@_for_programs
def service(_request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """The list of entity sets."""
    return _json(reader.service())


@_for_programs
def metadata(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """$metadata, in XML unless JSON is asked for."""
    wanted = request.GET.get("$format") or request.headers.get("Accept", "")
    if "json" in wanted and "xml" not in wanted:
        return _json(reader.metadata_json())
    return _odata(HttpResponse(reader.metadata_xml(), content_type="application/xml;charset=utf-8"))


@_for_programs
def rows(request: HttpRequest, reader: Reader, name: str) -> HttpResponseBase:
    """One page of an entity set."""
    return _odata(HttpResponse(reader.page(name, _options(request)), content_type=JSON))


@_for_programs
def count(request: HttpRequest, reader: Reader, name: str) -> HttpResponseBase:
    """The number of rows alone."""
    return _odata(HttpResponse(str(reader.count(name, _options(request))), content_type="text/plain;charset=utf-8"))


@_for_programs
def file(request: HttpRequest, reader: Reader, name: str, kind: str) -> HttpResponseBase:
    """An entity set as a whole file, with the same options."""
    if kind not in reading.FILES:
        raise NotThereError(f"there is no file of kind {kind!r}")
    if kind == "json":
        return rows_as_json(request, reader, name)
    path = reader.file(name, _options(request), kind)
    response = StreamingHttpResponse(reading.in_pieces(path), content_type=reading.FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def rows_as_json(request: HttpRequest, reader: Reader, name: str) -> HttpResponseBase:
    """All rows as one JSON array is what a page without end is; very large ones are read page by page."""
    return _odata(
        HttpResponse(
            reading.with_page(reader, str(reading.LARGEST_PAGE)).page(name, _options(request)), content_type=JSON
        )
    )


def _reader(request: HttpRequest, workspace: Workspace, token: FeedToken) -> Reader:
    companies = actions.companies_of(token)
    accept = request.headers.get("Accept", "") + request.GET.get("$format", "")
    reader = Reader(
        workspace=workspace,
        companies=companies,
        root=_root(workspace),
        whose=actions.whose(token, companies),
        large_as_text="ieee754compatible=true" in accept.lower().replace(" ", ""),
    )
    found = _PAGE.search(request.headers.get("Prefer", ""))
    return reading.with_page(reader, found[1]) if found else reader


def _options(request: HttpRequest) -> dict[str, str]:
    """The address's options, by small names. Those that a client may add for itself have no dollar and are left alone."""
    return {name.lower() if name.startswith("$") else name: str(value) for name, value in request.GET.items()}


def _root(workspace: Workspace) -> str:
    return f"{settings.PUBLIC_URL}/odata/v4/{workspace.slug}/"


def _json(body: dict[str, Any]) -> HttpResponse:
    return _odata(JsonResponse(body, content_type=JSON))


def _odata(response: HttpResponse) -> HttpResponse:
    response["OData-Version"] = "4.0"
    return response


def _error(status: int, text: str) -> HttpResponse:
    body = {"error": {"code": str(status), "message": text}}
    return _odata(JsonResponse(body, status=status))
