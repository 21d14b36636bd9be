"""SAF-T Financial: files are written, checked and fetched; accounts' codes are confirmed or left to the rule."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged, paged_rows
from tieout.portal.api.problems import Problem, Who, checked, conflict, invalid
from tieout.portal.api.shapes import saft as shapes
from tieout.portal.saft import actions, files, queries, words
from tieout.portal.saft.forms import WriteForm
from tieout.portal.saft.models import SaftFile
from tieout.portal.saft.queries import Mapped
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.decorators import must_administer
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.reports.saft import CannotExportError
from tieout.reports.saft.grouping import of_code

router = Router(tags=["SAF-T"])
FIELDS = {"year": "fiscal_year", "first": "first_month", "last": "last_month"}  # of the form, as the API calls them
XML = {"responses": {200: {"content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get("/{uuid:source_id}/saft-files", response=shapes.SaftFiles)
def list_files(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Files that were written, newest first."""
    found = queries.files_of(_source(request, source_id)).select_related("source")
    return paged(found, page, _shape, by=("-made_at", "id"))


@router.post("/{uuid:source_id}/saft-files", response={201: shapes.SaftFileInFull})
def write(request: HttpRequest, response: HttpResponse, source_id: UUID, asked: shapes.NewSaftFile) -> Any:
    """Write a fiscal year, or months of it, and check the file. It is kept for seven days."""
    must_administer(request)
    source = _source(request, source_id)
    try:
        made = actions.write(source, **_wishes(source, asked), by=person_of(request))
    except CannotExportError as error:
        who = Who.COMPANY if error.why == "parts_of_an_ore" else Who.CALLER
        raise conflict(error.why.replace("_", "-"), words.refused(error), who=who) from error
    except actions.TooLargeError as error:
        spans = ", ".join(f"{first}–{last}" for first, last in error.parts)
        told = _("More than %(most)s lines. Write these months one after the other: %(spans)s.")
        raise conflict("too-large", told % {"most": f"{actions.MOST_LINES:,}", "spans": spans}) from error
    except actions.OccupiedError as error:
        detail = _("Another file is being written. Try again in a moment.")
        raise Problem(503, "busy", detail, who=Who.NOBODY, headers={"Retry-After": "10"}) from error
    response["Location"] = f"/api/v1/sources/{source.pk}/saft-files/{made.pk}"
    return Status(201, _in_full(made))


def _wishes(source: Source, asked: shapes.NewSaftFile) -> dict[str, Any]:
    """What the page's form makes of it. Raises Problem, CannotExportError."""
    years = queries.years_of(source)
    if years is None:
        raise CannotExportError("this company has no books here yet; sync it first.", why="not_synced")
    given = {name: getattr(asked, FIELDS.get(name, name)) for name in ("year", "first", "last", "contact")}
    wishes = checked(WriteForm(given, years=years, initial={}), called=FIELDS)
    return {"year": wishes["year"], "months": (wishes["first"], wishes["last"]), "contact": wishes["contact"]}


@router.get("/{uuid:source_id}/saft-files/{uuid:file_id}", response=shapes.SaftFileInFull)
def get(request: HttpRequest, source_id: UUID, file_id: UUID) -> Any:
    """One file: its totals, and what each check found."""
    return _in_full(queries.get_file(_source(request, source_id), file_id))


@router.get("/{uuid:source_id}/saft-files/{uuid:file_id}/file", response={200: None}, openapi_extra=XML)
def download(request: HttpRequest, source_id: UUID, file_id: UUID) -> Any:
    """The file as it was checked, while it is kept."""
    found = queries.get_file(_source(request, source_id), file_id)
    path = files.path_of(found)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type="application/xml")


@router.get("/{uuid:source_id}/grouping-codes", response=shapes.GroupingCodes)
def list_codes(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Every account by number, with the code that it goes to."""
    return paged_rows(queries.mapping_of(_source(request, source_id)), page, _code, key=lambda one: (one.account_no,))


@router.patch("/{uuid:source_id}/grouping-codes", response=shapes.CodesChanged)
def change_codes(request: HttpRequest, source_id: UUID, asked: shapes.CodesChange) -> Any:
    """Confirm where accounts go, or leave them to the rule again. All of it or nothing."""
    must_administer(request)
    source, by = _source(request, source_id), person_of(request)
    mapped = {one.account_no: one for one in queries.mapping_of(source)}
    told = {one.account_no: one.code for one in asked.codes}
    chosen = {number: of_code(code.strip()) for number, code in told.items() if code is not None}
    wrong = [(number, _("The company has no such account.")) for number in told if number not in mapped]
    if len(told) < len(asked.codes):
        raise invalid([("codes", _("An account stands here twice. It has one code."))])
    wrong += [(number, _("This is not a code of the tax authority’s list.")) for number in chosen if not chosen[number]]
    if wrong:
        raise invalid((f"codes.{number}", text) for number, text in wrong[:50])
    rest = (one for one in mapped.values() if asked.confirm_rest and one.confirmed is None)
    with transaction.atomic():
        for number in (number for number, code in told.items() if code is None):
            actions.leave_to_rule(source, number, by=by)
        confirmed = {one.account_no: one.grouping for one in rest if one.account_no not in told}
        actions.confirm(source, confirmed | {number: one for number, one in chosen.items() if one}, by=by)
    by_rule = len(mapped) - len(queries.groupings_of(source).keys() & mapped.keys())
    return {"confirmed": len(mapped) - by_rule, "by_rule": by_rule}


def _source(request: HttpRequest, source_id: UUID) -> Source:
    return get_source(workspace_of(request), source_id)


def _shape(file: SaftFile) -> dict[str, Any]:
    names = ("name", "fiscal_year", "first_month", "last_month", "made_at", "bytes", "sha256", "transactions", "lines")
    return {name: getattr(file, name) for name in (*names, "findings")} | {
        "file": file.pk,
        "source": file.source_id,
        "debit": f"{file.debit:.2f}",
        "credit": f"{file.credit:.2f}",
        "accounts_by_rule": file.unconfirmed,
        "is_kept": files.path_of(file) is not None,
    }


def _in_full(file: SaftFile) -> dict[str, Any]:
    checks = [
        {"check": one.title, "findings": one.findings, "sentences": one.sentences} for one in words.checks_of(file)
    ]
    return _shape(file) | {"checks": checks}


def _code(one: Mapped) -> dict[str, Any]:
    told = {"account_no": one.account_no, "name": one.name, "is_confirmed": one.confirmed is not None}
    return told | {"category": one.grouping.category, "code": one.grouping.code}
