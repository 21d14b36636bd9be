"""What may happen to approval links: made, sent, replaced, revoked, reported. What an approval brings is in `onboarding`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from tieout.portal.approvals import emails
from tieout.portal.approvals.housekeeping import check_candidates
from tieout.portal.approvals.models import LONGEST_VALIDITY, SHORTEST_VALIDITY, ApprovalLink, AskedCompany
from tieout.portal.approvals.several import MOST_COMPANIES, left_of
from tieout.portal.approvals.tokens import hashed, new_token
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source

__all__ = [
    "FreshLink",
    "ask_anew",
    "check_candidates",
    "link_of_token",
    "make_link",
    "make_renewal_link",
    "replace_link",
    "report_link",
    "revoke_link",
    "send_link",
]

DEFAULT_VALIDITY = timedelta(days=7)
QUIET_AFTER_ASKING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link just made, with its token: the only moment at which the address is known."""

    link: ApprovalLink
    token: str = field(repr=False)


def make_link(
    workspace: Workspace,
    *,
    connector: str,
    by: Person,
    organisation_number: str = "",
    recipient_name: str = "",
    recipient_email: str = "",
    note: str = "",
    valid_for: timedelta = DEFAULT_VALIDITY,
    source: Source | None = None,
    company_name: str = "",
    companies: Sequence[AskedCompany] = (),
) -> FreshLink:
    """Make an approval link. `organisation_number` is normalised; `companies` are those of a link for several.

    Raises ValueError for a validity out of bounds, or too many companies.
    """
    if len(companies) > MOST_COMPANIES:
        raise ValueError(f"An approval link asks for at most {MOST_COMPANIES} companies.")
    if not SHORTEST_VALIDITY <= valid_for <= LONGEST_VALIDITY:
        raise ValueError("An approval link is valid for one hour to thirty days.")
    token, now = new_token(), timezone.now()
    with transaction.atomic():
        link = ApprovalLink.objects.create(
            workspace=workspace,
            source=source,
            connector=connector,
            token_hash=hashed(token),
            organisation_number=organisation_number,
            company_name=company_name,
            companies=list(companies),
            recipient_name=recipient_name,
            recipient_email=recipient_email,
            note=note,
            made_by=by,
            made_at=now,
            valid_for=valid_for,
            expires_at=now + valid_for,
        )
        tell(workspace, "link_made", person=by, source=source, **_facts(link))
    return FreshLink(link, token)


def make_renewal_link(source: Source, *, by: Person, **wishes: Any) -> FreshLink:
    """A link by which the company of a data source approves once more. `wishes` are those of `make_link`."""
    return make_link(
        source.workspace,
        connector=source.connector,
        by=by,
        organisation_number=source.organisation_number,
        source=source,
        company_name=source.company_name,
        **wishes,
    )


def replace_link(link: ApprovalLink, *, by: Person) -> FreshLink:
    """Resend: a new link like the old one, valid as long from now; the old one ends. A used link is left alone: ValueError.

    Of a link for several companies the new one asks for those that are left.
    """
    if link.used_at:
        raise ValueError("A used approval link can't be sent again.")
    with transaction.atomic():
        fresh = make_link(
            link.workspace,
            connector=link.connector,
            by=by,
            organisation_number=link.organisation_number,
            recipient_name=link.recipient_name,
            recipient_email=link.recipient_email,
            note=link.note,
            valid_for=link.valid_for,
            source=link.source,
            company_name=link.company_name,
            companies=left_of(link),
        )
        link.revoked_at = link.revoked_at or timezone.now()
        link.revoked_by = link.revoked_by or by
        link.replaced_by = fresh.link
        link.save(update_fields=["revoked_at", "revoked_by", "replaced_by"])
    return fresh


def revoke_link(link: ApprovalLink, *, by: Person) -> None:
    """End a link at once. Doing it again, or to a used link, changes nothing."""
    with transaction.atomic():
        changed = ApprovalLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_by=by
        )
        if changed:
            tell(link.workspace, "link_revoked", person=by, source=link.source, **_facts(link))


def report_link(link: ApprovalLink) -> None:
    """The receiver did not expect it: the link ends and the administrators are told, once."""
    now = timezone.now()
    with transaction.atomic():
        changed = ApprovalLink.objects.filter(pk=link.pk, used_at=None, reported_at=None).update(
            reported_at=now, revoked_at=link.revoked_at or now
        )
        if changed:
            tell(link.workspace, "link_reported", source=link.source, **_facts(link))
    if changed:
        emails.link_reported(link)


def ask_anew(link: ApprovalLink) -> None:
    """The receiver of a dead link asks for a new one: the administrators are told, at most once an hour."""
    now = timezone.now()
    if link.asked_anew_at and now - link.asked_anew_at < QUIET_AFTER_ASKING:
        return
    with transaction.atomic():
        ApprovalLink.objects.filter(pk=link.pk).update(asked_anew_at=now)
        tell(link.workspace, "link_asked_anew", source=link.source, **_facts(link))
    emails.link_asked_anew(link)


def send_link(fresh: FreshLink, *, to: str, by: Person) -> None:
    """E-mail the link. Raises OSError (smtplib's errors are such) when the mail server doesn't take it."""
    emails.approval_link(fresh.link, fresh.token, to=to, by=by)
    fresh.link.sent_at, fresh.link.recipient_email = timezone.now(), to
    fresh.link.save(update_fields=["sent_at", "recipient_email"])
    tell(fresh.link.workspace, "link_sent", person=by, source=fresh.link.source, **_facts(fresh.link))


def link_of_token(token: str) -> ApprovalLink | None:
    """The link an outsider opened, in whatever state."""
    # Not of one workspace: the token is what says which.
    links = ApprovalLink.objects.select_related("workspace", "source", "made_by", "replaced_by")
    return links.filter(token_hash=hashed(token)).first()


def _facts(link: ApprovalLink) -> dict[str, Any]:
    return {"link": str(link.pk), "recipient": link.recipient_name or link.recipient_email}
