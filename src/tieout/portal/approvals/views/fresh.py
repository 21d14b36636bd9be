"""Handing a link that was just made to the one page that shows it."""

from __future__ import annotations

from django.http import HttpRequest

from tieout.portal import shown_once
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.approvals.tokens import hashed
from tieout.portal.encryption import Place


def remember(request: HttpRequest, fresh: FreshLink) -> None:
    """Keep a new link for the next page of this browser. One at a time."""
    shown_once.remember(request, fresh.token, _place(fresh.link))


def take(request: HttpRequest, link: ApprovalLink) -> str:
    """The token of a link just made, once; afterwards an empty text."""
    token = shown_once.take(request, _place(link))
    return token if token and hashed(token) == link.token_hash else ""


def _place(link: ApprovalLink) -> Place:
    return Place(str(link.workspace_id), f"link:{link.pk}", "token")
