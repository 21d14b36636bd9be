"""What may happen to people: added, invited by a one-time link, let in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext

from tieout.portal.groups.models import Group
from tieout.portal.people.models import Invitation, Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.access import set_until
from tieout.portal.workspaces.actions import create_workspace, give_role, limit_to, tell
from tieout.portal.workspaces.models import Membership, Role, Workspace

LINK_HOURS = 24
INVITATION_DAYS = 7
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class FreshInvitation:
    """An invitation with its token, which nobody can read again."""

    invitation: Invitation
    token: str


class LinkUsedError(ValueError):
    """The one-time link was used, has expired, or never was."""


def add_person(workspace: Workspace, *, email: str, name: str, role: str, password: str) -> Person:
    """Add somebody, or let a person who is known into one more workspace (name and password then stay as they are).

    Raises ValueError with a sentence for the operator.
    """
    email = email.strip().lower()
    with transaction.atomic():
        person = Person.objects.filter(email=email).first() or _new_person(email, name, password)
        give_role(workspace, person, role)
        tell(workspace, "person_added", person=person, role=role)
    return person


def _new_person(email: str, name: str, password: str) -> Person:
    try:
        validate_email(email)
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return Person.objects.create_person(email, password, name=name.strip())


def invite(workspace: Workspace, role: str) -> str:
    """Make a one-time link of 24 hours; returns its token, which is shown now and never again. Unused earlier ones end."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        Invitation.objects.filter(workspace=workspace, role=role, email="", used_at=None).delete()
        Invitation.objects.create(
            workspace=workspace,
            role=Role(role),
            token_hash=_hash(token),
            expires_at=datetime.now(UTC) + timedelta(hours=LINK_HOURS),
        )
    return token


def invite_person(
    workspace: Workspace,
    *,
    email: str,
    role: str,
    by: Person,
    companies: Sequence[Source] = (),
    groups: Sequence[Group] = (),
    is_limited: bool = False,
    until: date | None = None,
) -> FreshInvitation:
    """Invite one address for seven days; an earlier invitation of it ends. `companies`, `groups`: who comes in sees these only.

    `until` is the last day of access. Raises ValueError for somebody who is in already, and for an owner with some
    companies only.
    """
    is_limited = is_limited or bool(companies) or bool(groups)
    if is_limited and role == Role.OWNER:
        raise ValueError(gettext("An owner looks after all companies. Give another role, or tick none."))
    email = email.strip().lower()
    with transaction.atomic():
        if Membership.objects.in_workspace(workspace).filter(person__email=email).exists():
            raise ValueError(gettext("%(email)s is in this workspace already.") % {"email": email})
        Invitation.objects.in_workspace(workspace).filter(email=email, used_at=None).delete()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        invitation = Invitation.objects.create(
            workspace=workspace,
            role=Role(role),
            email=email,
            invited_by=by,
            token_hash=_hash(token),
            expires_at=datetime.now(UTC) + timedelta(days=INVITATION_DAYS),
            is_limited=is_limited,
            until=until,
        )
        invitation.companies.set(companies)
        invitation.groups.set(groups)
        tell(workspace, "person_invited", person=by, email=email, role=invitation.role)
    return FreshInvitation(invitation, token)


def withdraw(invitation: Invitation, *, by: Person) -> None:
    """End an invitation that nobody has used yet."""
    with transaction.atomic():
        ended, _rows = Invitation.objects.filter(pk=invitation.pk, used_at=None).delete()
        if ended:
            tell(invitation.workspace, "invitation_withdrawn", person=by, email=invitation.email)


def invite_first_owner() -> str | None:
    """A token for the first owner while nobody can sign in, else None."""
    if Person.objects.exists():
        return None
    workspace = Workspace.objects.first() or create_workspace("Default")
    return invite(workspace, Role.OWNER)


def open_invitation(token: str) -> Invitation:
    """The invitation behind a token, not consumed. Raises LinkUsedError."""
    now = datetime.now(UTC)
    invitation = Invitation.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=now).first()
    if invitation is None:
        raise LinkUsedError
    return invitation


def accept(token: str, *, email: str, name: str, password: str, language: str = "en") -> Person:
    """Make the account that a one-time link promises, and end the link. Raises LinkUsedError, or ValueError for the form."""
    with transaction.atomic():
        invitation = open_invitation(token)
        email = invitation.email or email
        if account_of(email):
            raise ValueError(gettext("There is an account with this e-mail address already."))
        person = add_person(invitation.workspace, email=email, name=name, role=invitation.role, password=password)
        person.language = language
        person.save(update_fields=["language"])
        _limit(invitation, person)
        _use(invitation)
    return person


def join(token: str, person: Person) -> Workspace:
    """Let somebody with an account into the workspace that invited this address. Raises LinkUsedError, for other people too.

    Who is in already keeps the role they have.
    """
    with transaction.atomic():
        invitation = open_invitation(token)
        if not invitation.email or invitation.email != person.email:
            raise LinkUsedError
        _let_in(invitation, person)
    return invitation.workspace


@transaction.atomic
def join_by_address(email: str, *, name: str, language: str) -> Person | None:
    """An account without a password for somebody whose address an identity provider verified, in all workspaces that invited it.

    None where nobody did, and nothing is made.
    """
    now = datetime.now(UTC)
    invited = list(Invitation.objects.filter(email=email, used_at=None, expires_at__gt=now))  # Not of one: by address
    if not invited:
        return None
    person = Person(email=email, name=name, language=language)
    person.set_unusable_password()
    person.save()
    for invitation in invited:
        _let_in(invitation, person)
    return person


def _let_in(invitation: Invitation, person: Person) -> None:
    if not Membership.objects.in_workspace(invitation.workspace).filter(person=person).exists():
        give_role(invitation.workspace, person, invitation.role)
        _limit(invitation, person)
        tell(invitation.workspace, "person_added", person=person, role=invitation.role)
    _use(invitation)


def _limit(invitation: Invitation, person: Person) -> None:
    """Who was invited for some companies, or for some time, has no more from the first page on."""
    member = Membership.every.in_workspace(invitation.workspace).get(person=person)
    by = invitation.invited_by or person
    if invitation.is_limited:
        limit_to(member, list(invitation.companies.all()), groups=list(invitation.groups.all()), by=by)
    if invitation.until:
        set_until(member, invitation.until, by=by)


def account_of(email: str) -> Person | None:
    """Who signs in with this address."""
    return Person.objects.filter(email=email.strip().lower()).first()


def _use(invitation: Invitation) -> None:
    invitation.used_at = datetime.now(UTC)
    invitation.save(update_fields=["used_at"])


def _hash(token: str) -> str:
    # 256 random bits need no salt and no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
