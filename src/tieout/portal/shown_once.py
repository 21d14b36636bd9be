"""Handing a new secret to the one page that shows it. Between the two requests it lies encrypted in the session."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from tieout.connectors.base import Secret
from tieout.portal.encryption import CannotDecryptError, Place, read_key_ring

SESSION_KEY = "shown_once"


def remember(request: HttpRequest, secret: str, place: Place) -> None:
    """Keep a new secret for the next page of this browser. One at a time."""
    sealed = read_key_ring(settings.TIEOUT.secret_key_file).encrypt(Secret(secret), place)
    request.session[SESSION_KEY] = {"owner": place.owner, "sealed": sealed}


def take(request: HttpRequest, place: Place) -> str:
    """The secret kept for this place, once; afterwards an empty text."""
    kept = request.session.get(SESSION_KEY) or {}
    if kept.get("owner") != place.owner:
        return ""
    del request.session[SESSION_KEY]
    try:
        return read_key_ring(settings.TIEOUT.secret_key_file).decrypt(str(kept["sealed"]), place).reveal()
    except CannotDecryptError:
        return ""
