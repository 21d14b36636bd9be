"""Sending one e-mail: subject, plain text and HTML from templates, in the reader's language and time zone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def send(
    template: str,
    to: str,
    language: str,
    context: dict[str, Any],
    *,
    reply_to: str | None = None,
    zone: str | None = None,
) -> None:
    """Send `template`.subject.txt, .txt and .html. Raises OSError or SMTPException where the mail server takes none."""
    message = written(template, to, language, context, zone=zone)
    message.reply_to = [reply_to] if reply_to else []
    message.send()


def written(
    template: str, to: str, language: str, context: dict[str, Any], *, zone: str | None = None
) -> EmailMultiAlternatives:
    """The e-mail of a template, not yet sent."""
    with translation.override(language), timezone.override(ZoneInfo(zone or settings.TIME_ZONE)):
        context = context | {"language": language, "now": datetime.now(ZoneInfo(zone or settings.TIME_ZONE))}
        subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
        text = EMPTY_LINES.sub("\n\n", render_to_string(f"{template}.txt", context)).replace("\u00a0", " ").strip()
        message = EmailMultiAlternatives(subject, f"{text}\n", to=[to])
        message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message


def address(path: str) -> str:
    """An address of ours in full, as the outside knows this installation."""
    return f"{settings.PUBLIC_URL}{path}"
