"""Putting a proved key where it belongs: a new data source, or the one that the workspace already has. Never a second one."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.connectors.base import Company, Secret
from tieout.ledger.organisation_number import normalise
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import (
    AlreadyThere,
    OtherCompanyError,
    client_key,
    create_source,
    is_same_client,
    replace_credentials,
)
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace


class NotThisCompanyError(Exception):
    """The key opens the books of another company than it must. `company` is whose. Nothing was changed."""

    def __init__(self, company: Company) -> None:
        super().__init__(f"{company.name} ({company.organisation_number})")
        self.company = company


class SourceRemovedError(Exception):
    """The data source that an approval renews was removed meanwhile. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Put:
    """Where a key was put."""

    source: Source
    is_renewal: bool


def put_key(
    workspace: Workspace,
    *,
    connector: str,
    company: Company,
    key: Secret,
    told: str = "",
    pinned: str = "",
    source: Source | None = None,
    approver_email: str | None,
    by: Person | None,
    only_new: bool = False,
) -> Put:
    """Make or renew the data source of a proved company. `told` is the number that came with the key, `pinned` the only one
    allowed, `source` the only one that may be renewed; with `only_new` none may. Call it in a transaction.

    Raises NotThisCompanyError, SourceRemovedError, AlreadyThereError.
    """
    for number in (told, pinned):
        if number and not is_same_number(number, company.organisation_number):
            raise NotThisCompanyError(company)
    if source is not None:
        put = _renew(source, company, key, approver_email)
    else:
        put = _make_or_renew(workspace, connector, company, key, approver_email, by, only_new=only_new)
    _say_elsewhere(put.source, company, key)
    return put


def is_same_number(one: str, other: str) -> bool:
    """Whether two spellings mean one company. An unknown number is nobody's."""
    return bool(normalise(one)) and normalise(one) == normalise(other)


def _renew(source: Source, company: Company, key: Secret, approver_email: str | None) -> Put:
    fresh = Source.objects.filter(pk=source.pk, removed_at=None).first()
    if fresh is None:
        raise SourceRemovedError("The data source was removed meanwhile.")
    try:
        replace_credentials(fresh, company=company, client_key=key, approver_email=approver_email)
    except OtherCompanyError as error:
        raise NotThisCompanyError(company) from error
    return Put(fresh, is_renewal=True)


def _make_or_renew(
    workspace: Workspace,
    connector: str,
    company: Company,
    key: Secret,
    approver_email: str | None,
    by: Person | None,
    *,
    only_new: bool,
) -> Put:
    try:
        made = create_source(
            workspace, connector=connector, company=company, client_key=key, approver_email=approver_email, by=by
        )
    except AlreadyThere as there:
        if only_new:
            raise
        replace_credentials(there.source, company=company, client_key=key, approver_email=approver_email)
        return Put(there.source, is_renewal=True)
    return Put(made, is_renewal=False)


def _say_elsewhere(source: Source, company: Company, key: Secret) -> None:
    """Tell other workspaces that read the same company with another key: the system may have ended theirs."""
    # Not of one workspace: the only place where one learns of another, and only that the company approved once more.
    others = Source.objects.filter(
        connector=source.connector, organisation_number=source.organisation_number, removed_at=None
    ).exclude(workspace=source.workspace)
    for other in others.select_related("workspace"):
        if is_same_client(other, company) and _differs(other, key):
            tell(other.workspace, "key_replaced_elsewhere", source=other)


def _differs(source: Source, key: Secret) -> bool:
    try:
        return client_key(source).reveal() != key.reveal()
    except (Credentials.DoesNotExist, CannotDecryptError):
        return False
