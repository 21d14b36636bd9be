"""What may happen to a firm's access: set with a key that is proved first, its clients listed anew, some chosen, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tieout.connectors.base import Connector, FirmsClient, KnowsPartners, Partner, Secret
from tieout.connectors.errors import ConnectorError
from tieout.ledger.organisation_number import is_valid
from tieout.portal.approvals.actions import FreshLink, make_link
from tieout.portal.approvals.models import OnboardingSession, SessionState
from tieout.portal.approvals.several import MOST_COMPANIES, asked
from tieout.portal.approvals.tokens import hashed, new_token
from tieout.portal.partners.models import UNDER_WAY, ClientState, FirmAccess, FirmsCompany
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace


class NoFirmError(ValueError):
    """The key opens a company's books, but not a firm's list of clients. Nothing was stored."""


def partner_of(connector: str, key: Secret, *, hurried: bool = False) -> Partner:
    """A firm's own access to the system. Raises KeyError for a system without firms."""
    system = settings.CONNECTORS[connector]
    if not isinstance(system, KnowsPartners):
        raise KeyError(connector)
    return system.partner(key, hurried=hurried)


def set_key(workspace: Workspace, connector: str, key: Secret, *, by: Person) -> FirmAccess:
    """Prove a firm's own key and keep it, encrypted; an earlier one goes. Raises ConnectorError, NoFirmError."""
    system: Connector = settings.CONNECTORS[connector]
    reader, partner = system.open(key, hurried=True), partner_of(connector, key, hurried=True)
    try:
        firm = reader.company()
    finally:
        reader.close()
    if not partner.may_list(firm.valid_privileges):
        raise NoFirmError(_("This key opens the books of %(name)s, but no list of clients.") % {"name": firm.name})
    with transaction.atomic():
        access = FirmAccess.objects.in_workspace(workspace).filter(connector=connector).first()
        access = access or FirmAccess(workspace=workspace, connector=connector)
        access.name, access.organisation_number = firm.name[:200], firm.organisation_number
        access.may_add, access.trouble = partner.may_add(firm.valid_privileges), ""
        access.made_by, access.made_at = by, timezone.now()
        access.keep("client_key", key)
        access.save()
        tell(workspace, "firm_connected", person=by, firm=access.name, may_add=access.may_add)
    return access


def end(access: FirmAccess, *, by: Person) -> None:
    """Forget a firm's key and list. The companies that were connected stay, each with a key of its own."""
    with transaction.atomic():
        tell(access.workspace, "firm_ended", person=by, firm=access.name)
        access.delete()


def list_anew(access: FirmAccess) -> int:
    """Ask the system for the firm's clients; returns how many. Those no longer listed go. Raises ConnectorError."""
    clients = partner_of(access.connector, access.reveal("client_key"), hurried=True).clients()
    with transaction.atomic():
        for client in clients:
            _keep(access, client)
        gone = access.companies.exclude(client_id__in=[one.id for one in clients])
        gone.exclude(state__in=UNDER_WAY).delete()
        access.listed_at = timezone.now()
        access.save(update_fields=["listed_at"])
    return len(clients)


def _keep(access: FirmAccess, client: FirmsClient) -> None:
    told = {
        "name": client.name[:200],
        "organisation_number": client.organisation_number[:20],
        "is_active": client.is_active,
    }
    FirmsCompany.objects.update_or_create(access=access, client_id=client.id, defaults=told)


@transaction.atomic
def want(access: FirmAccess, chosen: Iterable[FirmsCompany], *, by: Person, now: datetime) -> int:
    """Have companies connected with the firm's one yes. Those connected or under way are passed over. Returns how many begin."""
    there = connected_numbers(access.workspace, access.connector)
    fresh = [one for one in chosen if one.state not in UNDER_WAY and one.organisation_number not in there]
    if not fresh:
        return 0
    session = _one_yes(access, by, now)
    FirmsCompany.objects.filter(pk__in=[one.pk for one in fresh], access=access).exclude(state__in=UNDER_WAY).update(
        state=ClientState.WANTED, message="", tries=0, next_try_at=now, session=session, candidate=None
    )
    tell(access.workspace, "clients_wanted", person=by, firm=access.name, companies=len(fresh))
    return len(fresh)


def connected_numbers(workspace: Workspace, connector: str) -> set[str]:
    """Organisation numbers that this workspace reads already, with an approval that stands."""
    sources = Source.objects.in_workspace(workspace).filter(connector=connector, approval_state="approved")
    return set(sources.values_list("organisation_number", flat=True))


def _one_yes(access: FirmAccess, by: Person, now: datetime) -> OnboardingSession:
    """What the companies of one choice have in common: who said yes, and when. No callback will come, no receipt is owed."""
    return OnboardingSession.objects.create(
        workspace=access.workspace,
        connector=access.connector,
        person=by,
        browser_hash=hashed(new_token()),
        state_hash=hashed(new_token()),
        language=get_language() or settings.LANGUAGE_CODE,
        state=SessionState.CHECKING,
        started_at=now,
        valid_until=now,
        returned_at=now,
        received_at=now,
        told_at=now,
    )


def link_for(access: FirmAccess, chosen: Iterable[FirmsCompany], *, by: Person) -> FreshLink:
    """One approval link for companies that the firm may not let us in to itself. Raises ValueError where none is left to ask."""
    there = connected_numbers(access.workspace, access.connector)
    names = {one.organisation_number: one.name for one in chosen if is_valid(one.organisation_number)}
    numbers = [number for number in names if number not in there]
    if not numbers:
        raise ValueError(_("None of them is left to ask: they are connected, or have no organisation number."))
    if len(numbers) > MOST_COMPANIES:
        raise ValueError(_("Too many: at most %(n)s companies a link.") % {"n": MOST_COMPANIES})
    if len(numbers) == 1:
        (number,) = numbers
        return make_link(
            access.workspace, connector=access.connector, by=by, organisation_number=number, company_name=names[number]
        )
    return make_link(access.workspace, connector=access.connector, by=by, companies=asked(numbers, names))


def stand_still(access: FirmAccess, error: ConnectorError) -> None:
    """Note why nothing more can be connected now."""
    access.trouble = str(error)
    access.save(update_fields=["trouble"])
