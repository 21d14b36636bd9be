"""E-mails about people: the one that invites, and the one that tells of a second factor that was reset."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tieout.portal.letters import address, send
from tieout.portal.people.actions import FreshInvitation, account_of
from tieout.portal.people.models import Person


def factor_reset(person: Person, *, by: Person) -> None:
    """Tell somebody that their second factor was taken away. Raises OSError or SMTPException."""
    context = {"by": by, "site": settings.PUBLIC_URL, "address": address(reverse("mfa_index"))}
    send("people/email/factor_reset", person.email, person.language, context, reply_to=by.email, zone=person.time_zone)


def invitation(fresh: FreshInvitation, *, by: Person) -> None:
    """Send the one-time link, in the receiver's language if they have an account, else in the sender's.

    Raises OSError or SMTPException where the mail server takes none.
    """
    known = account_of(fresh.invitation.email)
    context = {
        "invitation": fresh.invitation,
        "workspace": fresh.invitation.workspace,
        "by": by,
        "known": known,
        "site": settings.PUBLIC_URL,
        "address": address(reverse("people:welcome", args=[fresh.token])),
    }
    language = known.language if known else translation.get_language() or settings.LANGUAGE_CODE
    zone = known.time_zone if known else None
    send("people/email/invitation", fresh.invitation.email, language, context, reply_to=by.email, zone=zone)
