"""Who is told of an incident: those chosen for its source or its workspace, else owners and administrators."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from tieout.portal.alerts.models import Choice, Gravity, Incident, Kind, Receiver
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Membership, Role, Workspace
from tieout.portal.workspaces.queries import administrators_of

MORNING = time(7)
TOLD_OTHERWISE = (Kind.LINK_APPROVED,)  # a receipt of the approval itself goes to the same people


def receivers_of(incident: Incident, *, is_late: bool = False) -> list[Person]:
    """Who gets a message, each once. Who turned the kind off gets none.

    Where a workspace wants it so, a company's responsible person alone; the others where it `is_late`.
    """
    if incident.kind in TOLD_OTHERWISE:
        return []
    if incident.workspace is None:
        return owners_of_installation()
    usual = administrators_of(incident.workspace, source_id=incident.source_id)
    people = who_may_see(chosen(incident.workspace, incident.source), incident) or list(usual)
    if (first := _responsible(incident)) is not None:
        people = [first, *(one for one in people if is_late and one != first)]
    return [person for person in people if incident.kind not in choice_of(incident.workspace, person).silenced]


def _responsible(incident: Incident) -> Person | None:
    """Who is told first of what is about a company; None where all are told at once."""
    if incident.workspace is None or not incident.workspace.responsible_first:
        return None
    person = incident.source.responsible if incident.source else None
    return person if person and person.is_active and who_may_see([person], incident) else None


def who_may_see(people: Iterable[Person], incident: Incident) -> list[Person]:
    """Those of them who look after the company that an incident is about, or after all where it is about none."""
    if incident.workspace is None:
        return list(people)
    seeing = Membership.objects.in_workspace(incident.workspace).seeing(incident.source_id)
    may = set(seeing.values_list("person_id", flat=True))
    return [person for person in people if person.pk in may]


def usual(workspace: Workspace, source: Source | None = None) -> list[Person]:
    """Who is told of a source, else of its workspace: the chosen ones, or else owners and administrators."""
    return chosen(workspace, source) or list(administrators_of(workspace, source_id=source.pk if source else None))


def chosen(workspace: Workspace, source: Source | None = None) -> list[Person]:
    """Who was chosen for a source, else for its workspace; those who left are none."""
    of_source = _people(workspace, source) if source else []
    return of_source or _people(workspace, None)


def _people(workspace: Workspace, source: Source | None) -> list[Person]:
    ids = Receiver.objects.in_workspace(workspace).filter(source=source).values("person")
    members = Membership.objects.in_workspace(workspace).filter(person__in=ids, person__is_active=True)
    return [one.person for one in members.select_related("person").order_by("person__email")]


def choice_of(workspace: Workspace, person: Person) -> Choice:
    """What a person chose in a workspace; unsaved defaults for who chose nothing."""
    found = Choice.objects.in_workspace(workspace).filter(person=person).first()
    return found or Choice(workspace=workspace, person=person)


def first_workspace() -> Workspace | None:
    """The workspace whose owners set this installation up, and look after it."""
    return Workspace.objects.order_by("created_at", "pk").first()


def owners_of_installation() -> list[Person]:
    """Who is told of what hits everybody: the owners of the first workspace."""
    home = first_workspace()
    if home is None:
        return []
    owners = Membership.objects.in_workspace(home).filter(role=Role.OWNER, person__is_active=True)
    return [one.person for one in owners.select_related("person").order_by("person__email")]


def is_for_digest(incident: Incident, person: Person) -> bool:
    """Whether a message may wait for the morning: a warning, for a person who wants it so."""
    if incident.gravity is not Gravity.WARNING or incident.workspace is None:
        return False
    return choice_of(incident.workspace, person).digest


def next_morning(person: Person, *, after: datetime) -> datetime:
    """Seven o'clock in the person's zone, the first time after a moment."""
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(settings.TIME_ZONE)
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), MORNING, zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), MORNING, zone)


def by_name(people: Iterable[Person]) -> list[Person]:
    """In the order of a page."""
    return sorted(people, key=lambda person: str(person).casefold())
