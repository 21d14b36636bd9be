"""The outbox: which e-mails are owed, written together with what they tell of. `sending` empties it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from tieout.portal.alerts.models import Incident, Kind, Message, MessageState, Phase
from tieout.portal.alerts.receivers import is_for_digest, next_morning, receivers_of, who_may_see
from tieout.portal.people.models import Person


def tell_begin(incident: Incident, *, now: datetime) -> None:
    """Owe each receiver one message. Where no mail is set, none: later nobody wants to be flooded with what was."""
    if settings.IS_MAIL_SET and incident.kind != Kind.MAIL_FAILING:
        put(incident, receivers_of(incident), now=now)


def tell_others(incident: Incident, *, now: datetime) -> None:
    """It is still open: those learn of it who were not told while the responsible person came first. Once."""
    if settings.IS_MAIL_SET and incident.workspace and incident.workspace.responsible_first:
        put(incident, receivers_of(incident, is_late=True), now=now)


def put(incident: Incident, people: Iterable[Person], *, now: datetime) -> None:
    """Owe these people a message of an incident's beginning."""
    for person in people:
        is_digest = is_for_digest(incident, person)
        Message.objects.get_or_create(
            incident=incident,
            person=person,
            phase=Phase.BEGIN,
            defaults={
                "made_at": now,
                "is_digest": is_digest,
                "due_at": next_morning(person, after=now) if is_digest else now,
            },
        )


def tell_end(incident: Incident, *, now: datetime) -> None:
    """Owe one message to everybody who was told of the beginning and may still see it.

    Who was not told yet is told both in the one that waits.
    """
    told = Message.objects.filter(incident=incident, phase=Phase.BEGIN).exclude(state=MessageState.WAITING)
    begun_ones = list(told.exclude(state=MessageState.GIVEN_UP).select_related("person"))
    may = who_may_see([begun.person for begun in begun_ones], incident)
    for begun in (one for one in begun_ones if one.person in may):
        Message.objects.get_or_create(
            incident=incident,
            person=begun.person,
            phase=Phase.END,
            defaults={
                "made_at": now,
                "is_digest": begun.is_digest,
                "due_at": next_morning(begun.person, after=now) if begun.is_digest else now,
            },
        )
