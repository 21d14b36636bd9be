"""Handing a link that was just made to the one page that shows it. Between the two requests it lies encrypted in the session."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from tieout.connectors.base import Secret
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.approvals.tokens import hashed
from tieout.portal.encryption import CannotDecryptError, KeyRing, Place, read_key_ring

SESSION_KEY = "fresh_link"


def remember(request: HttpRequest, fresh: FreshLink) -> None:
    """Keep a new link for the next page of this browser. One at a time."""
    sealed = _keys().encrypt(Secret(fresh.token), _place(fresh.link))
    request.session[SESSION_KEY] = {"link": str(fresh.link.pk), "sealed": sealed}


def take(request: HttpRequest, link: ApprovalLink) -> str:
    """The token of a link just made, once; afterwards an empty text."""
    kept = request.session.get(SESSION_KEY) or {}
    if kept.get("link") != str(link.pk):
        return ""
    del request.session[SESSION_KEY]
    try:
        token = _keys().decrypt(str(kept["sealed"]), _place(link)).reveal()
    except CannotDecryptError:
        return ""
    return token if hashed(token) == link.token_hash else ""


def _keys() -> KeyRing:
    return read_key_ring(settings.TIEOUT.secret_key_file)


def _place(link: ApprovalLink) -> Place:
    return Place(str(link.workspace_id), f"link:{link.pk}", "token")
