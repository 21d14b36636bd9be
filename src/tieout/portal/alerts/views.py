"""*Alerts*: what needs somebody, what is over, and who is told of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tieout.portal.alerts import actions, queries, receivers
from tieout.portal.alerts.forms import CHOOSABLE, ChoicesForm, ReceiversForm
from tieout.portal.alerts.models import Gravity
from tieout.portal.alerts.told import Told
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source, source_page
from tieout.portal.workspaces.decorators import administrator_required, reader_required, whole_workspace_required
from tieout.portal.workspaces.models import Membership
from tieout.portal.workspaces.queries import membership_of, person_of, workspace_of

A_PAGE = 25
SHOWS = {
    "errors": gettext_lazy("Errors"),
    "warnings": gettext_lazy("Warnings"),
    "resolved": gettext_lazy("Resolved by itself"),
    "news": gettext_lazy("News"),
}


@reader_required
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """What needs somebody?"""
    membership = membership_of(request)
    lists = _lists(membership)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else next((name for name in ("errors", "warnings") if lists[name].count()), "errors")
    page = Paginator(lists[show], A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "filters": [(name, word, lists[name].count()) for name, word in SHOWS.items()],
        "show": show,
        "page": page,
        "told": [Told(incident) for incident in page.object_list],
        "query": f"show={show}",
        "lost": queries.unsure_messages(membership.workspace, now=timezone.now()),
        "looks_after": queries.looks_after_installation(membership),
        "is_ill": queries.is_installation_ill(membership.workspace),
    }
    return render(request, "alerts/alerts.html", shown)


def _lists(membership: Membership) -> dict[str, Any]:
    now, open_ones = timezone.now(), queries.standing(membership)
    return {
        "errors": queries.of_gravity(open_ones, Gravity.ERROR),
        "warnings": queries.of_gravity(open_ones, Gravity.WARNING),
        "resolved": queries.resolved(membership, now=now),
        "news": queries.news_of(membership, now=now),
    }


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """What I am told of."""
    workspace, person = workspace_of(request), person_of(request)
    choice = receivers.choice_of(workspace, person)
    now = {
        "kinds": [kind.value for kind in CHOOSABLE if kind.value not in choice.silenced],
        "digest": "yes" if choice.digest else "no",
    }
    form = ChoicesForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        actions.choose_kinds(workspace, person, silenced=form.silenced, digest=form.cleaned_data["digest"] == "yes")
        messages.success(request, _("What you are told of is saved."))
        return redirect("alerts:choices")
    return render(request, "alerts/choices.html", {"form": form, "is_told": person in receivers.usual(workspace)})


@whole_workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Who is told of this workspace's incidents."""
    usual = _("Nobody ticked: owners and administrators are told. A data source may have its own, in its settings.")
    return _receivers(request, None, usual) or redirect("alerts:who")


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def who_of_source(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Who is told of one data source's incidents."""
    source = get_source(workspace_of(request), source_id)
    usual = _("Nobody ticked: those who are told of the workspace.")
    return _receivers(request, source, usual) or redirect("alerts:who_of_source", source.pk)


def _receivers(request: HttpRequest, source: Source | None, help_text: str) -> HttpResponse | None:
    """The page, or None after saving."""
    workspace = workspace_of(request)
    members = queries.members(workspace)
    chosen = queries.own_receivers(workspace, source)
    form = ReceiversForm(
        request.POST or None,
        members=members,
        help_text=help_text,
        initial={"people": [str(person.pk) for person in chosen]},
    )
    if request.method == "POST" and form.is_valid():
        actions.choose_receivers(workspace, form.chosen, by=person_of(request), source=source)
        messages.success(request, _("Who is told is saved."))
        return None
    page = source_page(request, source.pk, tab="settings") if source else {}
    told = receivers.by_name(receivers.usual(workspace, source))
    template = "alerts/who_of_source.html" if source else "alerts/who.html"
    return render(request, template, page | {"form": form, "told": told})


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Whether e-mails arrive: a test to oneself."""
    if request.method == "POST":
        person = person_of(request)
        try:
            actions.send_test(person)
        except actions.MailRefusedError as error:
            return render(request, "alerts/mail.html", {"refused": str(error)}, status=502)
        messages.success(
            request, _("The mail server took a test for %(to)s. Look whether it arrives.") % {"to": person.email}
        )
        return redirect("alerts:mail")
    return render(request, "alerts/mail.html")


@reader_required
@require_POST
def wish(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Tell me when it is proved; pressed again, don't."""
    source, person = get_source(workspace_of(request), source_id), person_of(request)
    if queries.has_wish(source, person):
        actions.forget_wish(source, person)
        messages.info(request, _("You won’t be told."))
    else:
        actions.wish_for_proof(source, person)
        messages.success(request, _("You get one e-mail when it is proved."))
    return redirect("syncs:overview", source.pk)
