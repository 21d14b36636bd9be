"""Pages of certificates: the list of a data source, one as a page to print, and its files as they were exported."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tieout.portal.certificates import actions, shown
from tieout.portal.certificates.models import Certificate, SigningKey
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source, source_page
from tieout.portal.syncs.tie_outs import tie_out_of
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.sync.certificate.statement import MovedError
from tieout.warehouse.base import BusyError

ON_A_PAGE = 50
KINDS = {"pdf": "application/pdf", "json": "application/json", "sql": "application/sql; charset=utf-8"}


@reader_required
@require_GET
def listing(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Every certificate of a data source, newest first."""
    page = source_page(request, source_id, tab="proof")
    source = page["source"]
    found = (
        Certificate.objects.filter(source=source).select_related("link", "issued_by").defer("pdf", "sql", "document")
    )
    told = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "tie_out": tie_out_of(source),
        "key": SigningKey.objects.filter(workspace=source.workspace).first(),
    }
    return render(request, "certificates/list.html", page | told)


@reader_required
@require_POST
def export(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Certify the latest tie-out."""
    source = get_source(workspace_of(request), source_id)
    try:
        certificate = actions.export(source, by=person_of(request))
    except actions.NothingToCertifyError:
        messages.warning(request, _("Nothing was compared yet. The first tie-out comes at the end of the first sync."))
    except MovedError:
        messages.warning(
            request,
            _(
                "What is stored is no longer what the latest tie-out compared. Check now; when it has ended, export again."
            ),
        )
    except BusyError:
        messages.warning(request, _("A command has the warehouse open now. Export again when it is done."))
    except CannotDecryptError:
        messages.error(
            request,
            _("The signing key can’t be read with this installation’s key file. Whoever runs it restores that file."),
        )
    else:
        messages.success(request, _("Certificate %(number)s is here.") % {"number": certificate.number})
    return redirect("certificates:list", source_id)


@reader_required
@require_GET
def certificate(request: HttpRequest, source_id: UUID, number: int) -> HttpResponse:
    """One certificate as a page, in the language of whoever looks."""
    page = source_page(request, source_id, tab="proof")
    found = certificate_of(page["source"], number)
    return render(
        request, "certificates/certificate.html", page | {"certificate": found} | shown.as_shown(found.envelope)
    )


@reader_required
@require_GET
def download(request: HttpRequest, source_id: UUID, number: int, kind: str) -> HttpResponse:
    """One of its files, as it was exported."""
    response = as_file(certificate_of(get_source(workspace_of(request), source_id), number), kind)
    if response is None:
        raise Http404
    return response


def as_file(certificate: Certificate, kind: str) -> HttpResponse | None:
    """One of a certificate's files as an answer; None for a kind that there is not."""
    if kind not in KINDS:
        return None
    files = {"json": certificate.document, "sql": certificate.sql}
    body: bytes | str = bytes(certificate.pdf) if kind == "pdf" else files[kind]
    name = certificate.file_name(kind)
    return HttpResponse(body, KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def certificate_of(source: Source, number: int) -> Certificate:
    """A certificate of this data source. Raises Http404 for any other."""
    return get_object_or_404(Certificate.objects.select_related("link", "source"), source=source, link__number=number)
