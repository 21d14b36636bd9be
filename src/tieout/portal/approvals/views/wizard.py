"""New data source: choose the system, choose who approves, go there, share a link, or type a key. The step is the address."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tieout.connectors.base import Approval, Connector, KnowsPartners
from tieout.connectors.errors import ConnectorError
from tieout.ledger.organisation_number import is_valid, normalise
from tieout.portal.approvals import actions
from tieout.portal.approvals.forms import HowForm, KeyForm, NewLinkForm
from tieout.portal.approvals.onboarding import Wish
from tieout.portal.approvals.own_key import take_own_key
from tieout.portal.approvals.swap import NotThisCompanyError
from tieout.portal.approvals.topics import topics
from tieout.portal.approvals.views.fresh import remember
from tieout.portal.approvals.views.leaving import connector_or_404, leave_for, may_leave
from tieout.portal.people.models import Person
from tieout.portal.told import is_foreign
from tieout.portal.workspaces.decorators import whole_workspace_required
from tieout.portal.workspaces.queries import person_of, workspace_of

GET_OR_POST = ["GET", "HEAD", "POST"]


@whole_workspace_required
@require_http_methods(["GET", "HEAD"])
def systems(request: HttpRequest) -> HttpResponse:
    """Step 1: cards, one per connector of the registry."""
    cards = [{"connector": one, "topics": topics(one)} for one in settings.CONNECTORS.values()]
    return render(request, "approvals/systems.html", {"cards": cards, "redirect": Approval.REDIRECT})


@whole_workspace_required
@require_http_methods(GET_OR_POST)
def how(request: HttpRequest, connector: str) -> HttpResponseBase:
    """Step 2: who approves. A system without an approval of its own asks for the key at once."""
    system = connector_or_404(connector)
    if system.approval is Approval.KEY:
        return redirect("approvals:key", connector)
    form = HowForm(
        request.POST or None, initial={"organisation_number": company_of(request), "how": request.GET.get("how")}
    )
    if request.method == "POST" and form.is_valid():
        next_step = reverse(f"approvals:{form.cleaned_data['how']}", args=[connector])
        return redirect(_with_company(next_step, form.cleaned_data["organisation_number"]))
    context = {"connector": system, "form": form, "company": company_of(request)}
    return render(request, "approvals/how.html", context | {"knows_firms": isinstance(system, KnowsPartners)})


@whole_workspace_required
@may_leave
@require_http_methods(GET_OR_POST)
def myself(request: HttpRequest, connector: str) -> HttpResponseBase:
    """Step 3a: what will happen there; Continue goes."""
    system = connector_or_404(connector, Approval.REDIRECT)
    company, problem = company_of(request), ""
    if request.method == "POST":
        wish = Wish(
            workspace=workspace_of(request), connector=connector, person=person_of(request), organisation_number=company
        )
        try:
            return leave_for(request, wish)
        except ConnectorError as error:
            problem = str(error)
    context = {"connector": system, "company": company, "problem": problem, "topics": topics(system)}
    return render(request, "approvals/myself.html", context)


@whole_workspace_required
@require_http_methods(GET_OR_POST)
def share(request: HttpRequest, connector: str) -> HttpResponseBase:
    """Step 3b: who the link is for; making it leads to its page, the only one that ever shows it."""
    system = connector_or_404(connector, Approval.REDIRECT)
    form = NewLinkForm(request.POST or None, initial={"organisation_number": company_of(request)})
    if request.method == "POST" and form.is_valid():
        person: Person = person_of(request)
        fresh = actions.make_link(workspace_of(request), connector=connector, by=person, **form.wishes())
        remember(request, fresh)
        return redirect("approvals:link", fresh.link.pk)
    return render(request, "approvals/share.html", {"connector": system, "form": form, "company": company_of(request)})


@whole_workspace_required
@require_http_methods(GET_OR_POST)
def key(request: HttpRequest, connector: str) -> HttpResponseBase:
    """The small way: a key that somebody has already."""
    system = connector_or_404(connector)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = Wish(
            workspace=workspace_of(request),
            connector=connector,
            person=person_of(request),
            organisation_number=company_of(request),
        )
        try:
            taken = take_own_key(wish, form.cleaned_data["client_key"], browser="", now=timezone.now())
        except (ConnectorError, NotThisCompanyError) as error:
            form.add_error("client_key", why_not(error, system))
        else:
            assert taken.source is not None
            return redirect("syncs:overview", taken.source.pk)
    context = {"connector": system, "form": form, "company": company_of(request)}
    return render(request, "approvals/key.html", context)


def why_not(error: ConnectorError | NotThisCompanyError, system: Connector) -> str:
    """Why a typed key was not taken, for people."""
    if isinstance(error, NotThisCompanyError):
        return _(
            "This key opens the books of %(company)s, another company than the one asked for. Nothing was stored."
        ) % {"company": error}
    reason = _(str(error))
    if is_foreign(str(error)):
        unanswered = _("%(system)s gave no answer that we could use, or it took too long.") % {"system": system.title}
        reason = f"{unanswered} ({error})"
    return _("%(reason)s Nothing was stored.") % {"reason": reason}


def company_of(request: HttpRequest) -> str:
    """The organisation number that the address carries from step to step; empty if it is none."""
    number = normalise(request.GET.get("company", ""))
    return number if is_valid(number) else ""


def _with_company(path: str, number: str) -> str:
    return f"{path}?{urlencode({'company': number})}" if number else path
