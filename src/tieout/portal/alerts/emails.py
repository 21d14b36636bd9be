"""E-mails about incidents: one for one, or several in one when the morning's warnings are told together."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from tieout.portal.alerts.models import Message
from tieout.portal.alerts.told import Told
from tieout.portal.letters import address, written
from tieout.portal.people.models import Person


def letter_of(messages: Sequence[Message]) -> EmailMultiAlternatives:
    """The e-mail that tells one person of these incidents. Its Message-ID is the first message's, whenever it is sent."""
    first = messages[0]
    told = [Told(message.incident) for message in messages]
    name = "incident" if len(told) == 1 else "digest"
    letter = _letter(name, first.person, {"told": told[0], "every": told})
    letter.extra_headers["Message-ID"] = f"<{first.pk}@{_domain()}>"
    letter.extra_headers["Auto-Submitted"] = "auto-generated"
    return letter


def test_letter(person: Person) -> EmailMultiAlternatives:
    """An e-mail that says that e-mails arrive."""
    return _letter("test", person, {})


def _letter(name: str, person: Person, context: dict[str, Any]) -> EmailMultiAlternatives:
    more = {"site": settings.PUBLIC_URL, "person": person, "choices": address(reverse("alerts:choices"))}
    return written(f"alerts/email/{name}", person.email, person.language, context | more, zone=person.time_zone)


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
