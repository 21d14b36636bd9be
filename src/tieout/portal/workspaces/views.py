"""Switching between workspaces."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tieout.portal.workspaces.queries import SESSION_KEY, memberships_of, person_of


@login_required
@require_POST
def open_workspace(request: HttpRequest, slug: str) -> HttpResponse:
    """Work in another workspace of the person's own; any other one is not there."""
    membership = get_object_or_404(memberships_of(person_of(request)), workspace__slug=slug)
    request.session[SESSION_KEY] = membership.workspace_id
    return redirect("sources:list")
