"""The page of an accounting firm's clients: set the firm's key, list, choose, follow."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tieout.connectors.errors import ConnectorError
from tieout.portal.approvals.forms import KeyForm
from tieout.portal.approvals.views.fresh import remember
from tieout.portal.approvals.views.leaving import connector_or_404
from tieout.portal.approvals.views.patience import wait_for
from tieout.portal.approvals.views.wizard import why_not
from tieout.portal.partners import actions, connecting, queries
from tieout.portal.partners.models import FirmAccess
from tieout.portal.workspaces.decorators import owner_required, whole_workspace_required
from tieout.portal.workspaces.queries import person_of, workspace_of


@whole_workspace_required
@require_http_methods(["GET", "HEAD"])
def clients(request: HttpRequest, connector: str) -> HttpResponse:
    """The firm's clients, or what has to be done before they can be listed."""
    system = connector_or_404(connector)
    if not queries.knows_firms(connector):
        raise Http404
    access = queries.access_of(workspace_of(request), connector)
    if access is None:
        return render(request, "partners/off.html", {"connector": system, "form": KeyForm()})
    parameters = request.GET.copy()
    parameters.pop("page", None)
    listed = queries.clients_of(access, request.GET.dict())
    context = {"connector": system, "access": access, "clients": listed, "query": parameters.urlencode()}
    return render(request, "partners/clients.html", context)


@owner_required
@require_POST
def set_key(request: HttpRequest, connector: str) -> HttpResponseBase:
    """Prove the firm's own key, keep it, and fetch the list."""
    system = connector_or_404(connector)
    if not queries.knows_firms(connector):
        raise Http404
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            access = actions.set_key(
                workspace_of(request), connector, form.cleaned_data["client_key"], by=person_of(request)
            )
            actions.list_anew(access)
        except actions.NoFirmError as error:
            form.add_error("client_key", str(error))
        except ConnectorError as error:
            form.add_error("client_key", why_not(error, system))
        else:
            return redirect("partners:clients", connector)
    return render(request, "partners/off.html", {"connector": system, "form": form})


def _access(request: HttpRequest, connector: str) -> FirmAccess:
    access = queries.access_of(workspace_of(request), connector)
    if access is None:
        raise Http404
    return access


@owner_required
@require_POST
def end(request: HttpRequest, connector: str) -> HttpResponse:
    """Forget the firm's key and list; what is connected stays."""
    access = _access(request, connector)
    actions.end(access, by=person_of(request))
    messages.success(request, _("The key of %(firm)s is destroyed. Connected companies stay.") % {"firm": access.name})
    return redirect("partners:clients", connector)


@whole_workspace_required
@require_POST
def list_anew(request: HttpRequest, connector: str) -> HttpResponse:
    """Fetch the list of clients again."""
    access = _access(request, connector)
    try:
        found = actions.list_anew(access)
    except ConnectorError as error:
        messages.error(request, why_not(error, connector_or_404(connector)))
    else:
        messages.success(request, ngettext("%(n)s client listed.", "%(n)s clients listed.", found) % {"n": found})
    return redirect("partners:clients", connector)


@whole_workspace_required
@require_POST
def connect(request: HttpRequest, connector: str) -> HttpResponseBase:
    """Connect the chosen ones with one yes, or make the link that asks for them."""
    access, by = _access(request, connector), person_of(request)
    shown = queries.clients_of(access, request.POST.dict())
    chosen = queries.chosen_of(shown, request.POST.getlist("company"), every="all" in request.POST)
    if not chosen:
        messages.error(request, _("No company was ticked. Nothing was changed."))
        return redirect("partners:clients", connector)
    if not access.may_add or request.POST.get("how") == "link":
        try:
            fresh = actions.link_for(access, chosen, by=by)
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("partners:clients", connector)
        remember(request, fresh)
        return redirect("approvals:link", fresh.link.pk)
    begun = actions.want(access, chosen, by=by, now=timezone.now())
    wait_for(connecting.go_on)
    told = ngettext("%(n)s company is being connected.", "%(n)s companies are being connected.", begun)
    messages.success(request, told % {"n": begun})
    return redirect("partners:clients", connector)
