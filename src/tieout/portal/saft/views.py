"""Pages of SAF-T files: one is written, what its checks say, and the file itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tieout.portal.saft import actions, files, queries, words
from tieout.portal.saft.forms import WriteForm
from tieout.portal.saft.models import SaftFile
from tieout.portal.sources.queries import source_page
from tieout.portal.workspaces.decorators import must_administer, reader_required
from tieout.portal.workspaces.queries import person_of
from tieout.reports.saft import CannotExportError
from tieout.warehouse.base import BusyError

ON_A_PAGE = 20


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Every file that was written, and the form that writes one more."""
    page = source_page(request, source_id, tab="saft")
    source, told = page["source"], dict[str, Any]()
    if request.method == "POST":
        must_administer(request)
    try:
        years, mapped = queries.years_of(source), queries.mapping_of(source)
    except BusyError:
        years, mapped, told["is_busy"] = None, [], True
    if years:
        form = WriteForm(request.POST or None, years=years, initial=_initial(request))
        if request.method == "POST" and form.is_valid():
            made = _written(request, source, form, told)
            if made:
                return redirect("saft:file", source_id, made.pk)
        told |= {"form": form, "months": dict(words.month_names(years.end_month))}
    told |= {
        "page": Paginator(queries.files_of(source), ON_A_PAGE).get_page(request.GET.get("page")),
        "accounts": len(mapped),
        "unconfirmed": sum(one.confirmed is None for one in mapped),
        "kept_days": files.KEPT_DAYS,
    }
    is_wrong = request.method == "POST"
    return render(request, "saft/files.html", page | told, status=422 if is_wrong else 200)


def _initial(request: HttpRequest) -> dict[str, Any]:
    given = {name: int(text) for name in ("year", "first", "last") if (text := request.GET.get(name, "")).isdecimal()}
    return given | {"contact": person_of(request).name}


def _written(request: HttpRequest, source: Any, form: WriteForm, told: dict[str, Any]) -> SaftFile | None:
    """The file; None with what is in the way at the form, and the spans of a large one in `told`."""
    asked = form.cleaned_data
    try:
        return actions.write(
            source,
            year=asked["year"],
            months=(asked["first"], asked["last"]),
            contact=asked["contact"],
            by=person_of(request),
        )
    except CannotExportError as error:
        form.add_error(None, words.refused(error))
    except actions.TooLargeError as error:
        told |= {"parts": error.parts, "most": actions.MOST_LINES, "year": asked["year"]}
    except actions.OccupiedError:
        form.add_error(None, _("Another file is being written. Try again in a moment."))
    except BusyError:
        form.add_error(None, _("A command has the warehouse open now. Try again when it is done."))
    return None


@reader_required
@require_GET
def file(request: HttpRequest, source_id: UUID, file_id: UUID) -> HttpResponse:
    """One file: its totals, and what each check found."""
    page = source_page(request, source_id, tab="saft")
    found = queries.get_file(page["source"], file_id)
    told = {
        "file": found,
        "checks": words.checks_of(found),
        "is_kept": files.path_of(found) is not None,
        "kept_days": files.KEPT_DAYS,
    }
    return render(request, "saft/file.html", page | told)


@reader_required
@require_GET
def download(request: HttpRequest, source_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The file as it was checked, streamed. Raises Http404 once it is kept no more."""
    page = source_page(request, source_id, tab="saft")
    found = queries.get_file(page["source"], file_id)
    path: Path | None = files.path_of(found)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type="application/xml")
