"""Where e-mails go: `console:`, `file:DIR`, `smtp://name:password@host:port` (STARTTLS) or `smtps://` (TLS from the start)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from tieout.config import SettingsError, is_loopback

BACKENDS = "django.core.mail.backends"
SECONDS = 10


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for a TIEOUT_EMAIL_URL. Raises SettingsError, without the address: it may hold a password."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {"EMAIL_BACKEND": f"{BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return _smtp(url)
    raise SettingsError("TIEOUT_EMAIL_URL must be console:, file:DIR, smtp://host or smtps://host.")


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    direct = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if direct else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": direct,
        # A mail server on this machine rarely has a certificate, and nobody listens on the way to it.
        "EMAIL_USE_TLS": not direct and not is_loopback(url),
        "EMAIL_TIMEOUT": SECONDS,
    }
