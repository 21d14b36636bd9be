"""Asking `TIEOUT_HEARTBEAT_URL` after each round of the clock: who hears nothing for a while knows that it stopped."""

from __future__ import annotations

import logging

import httpx2
from django.conf import settings

from tieout import __version__

log = logging.getLogger(__name__)
SECONDS = 10.0


def send() -> bool:
    """Ask the address, if there is one; whether it was well. Never raises, and never says the address: it is a secret."""
    url = settings.TIEOUT.heartbeat_url
    if not url:
        return False
    try:
        answer = httpx2.get(
            url, timeout=SECONDS, follow_redirects=False, headers={"User-Agent": f"Tieout/{__version__}"}
        )
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        log.warning("the heartbeat was not heard (%s)", type(error).__name__)
        return False
    if not answer.is_success:
        log.warning("the heartbeat was answered with %s", answer.status_code)
    return answer.is_success
