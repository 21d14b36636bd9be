"""What may happen to data sources."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from tieout.connectors.base import Company, Secret
from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Credentials, Source
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace


class AlreadyThere(ValueError):  # noqa: N818 - a finding, which callers turn into a renewal
    """The company is a data source of this workspace already: `source`."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            f"{source.company_name} ({source.organisation_number}) is a data source of this workspace already."
        )
        self.source = source


class OtherCompanyError(ValueError):
    """The approval is for another company than the data source's. Nothing was changed."""


def find_company(workspace: Workspace, connector: str, company: Company) -> Source | None:
    """The data source of a company, removed ones included: same organisation number and, once both are known, client id."""
    rows = Source.objects.filter(
        workspace=workspace, connector=connector, organisation_number=company.organisation_number
    )
    return next((row for row in rows if is_same_client(row, company)), None)


def is_same_client(source: Source, company: Company) -> bool:
    """Whether the system's own identities agree, as far as they are known."""
    return not source.client_id or not company.client_id or source.client_id == company.client_id


@transaction.atomic
def create_source(
    workspace: Workspace,
    *,
    connector: str,
    company: Company,
    client_key: Secret,
    approver_email: str | None,
    by: Person | None,
) -> Source:
    """Make a data source with its encrypted key. Raises AlreadyThere for a company of this workspace.

    A company that was removed with its data kept comes back under its old id, so that its rows are never there twice.
    """
    source = find_company(workspace, connector, company)
    if source and not source.is_removed:
        raise AlreadyThere(source)
    if source is None:
        source = Source(workspace=workspace, connector=connector, organisation_number=company.organisation_number)
        source.name = company.name
    source.removed_at = None
    source.created_by = by
    _take_approval(source, company, client_key, approver_email)
    tell(workspace, "source_created", person=by, source=source, approver=approver_email or "")
    return source


@transaction.atomic
def replace_credentials(source: Source, *, company: Company, client_key: Secret, approver_email: str | None) -> None:
    """Put a renewed approval's key in place of the old one, once it is proved. Raises OtherCompanyError."""
    if company.organisation_number != source.organisation_number or not is_same_client(source, company):
        raise OtherCompanyError(source.organisation_number)
    _take_approval(source, company, client_key, approver_email)
    tell(source.workspace, "source_renewed", source=source, approver=approver_email or "")


def _take_approval(source: Source, company: Company, client_key: Secret, approver_email: str | None) -> None:
    now = datetime.now(UTC)
    source.company_name = company.name
    source.client_id = company.client_id or source.client_id
    source.privileges = list(company.valid_privileges)
    source.missing_privileges = list(company.invalid_privileges)
    source.approval_state = ApprovalState.APPROVED
    source.approved_at = now
    source.approver_email = approver_email or ""
    source.withdrawn_since = source.trouble_since = None
    source.trouble = source.trouble_message = ""
    source.save()
    credentials = Credentials.objects.filter(source=source).first() or Credentials(source=source)
    credentials.keep("client_key", client_key)
    credentials.received_at = now
    credentials.save()


def client_key(source: Source) -> Secret:
    """The key that opens the company's books. Raises Credentials.DoesNotExist, CannotDecryptError."""
    return Credentials.objects.select_related("source").get(source=source).reveal("client_key")


@transaction.atomic
def mark_withdrawn(source: Source, *, since: datetime) -> None:
    """The system no longer accepts the approval. The data stays; the first moment counts."""
    if source.approval_state == ApprovalState.WITHDRAWN:
        return
    source.approval_state = ApprovalState.WITHDRAWN
    source.withdrawn_since = since
    source.save(update_fields=["approval_state", "withdrawn_since"])
    tell(source.workspace, "approval_withdrawn", source=source)


@transaction.atomic
def pause(source: Source, *, by: Person) -> None:
    """No sync begins until somebody resumes. One that runs goes on to its end."""
    source.paused_at, source.paused_by = datetime.now(UTC), by
    source.save(update_fields=["paused_at", "paused_by"])
    tell(source.workspace, "source_paused", person=by, source=source)


@transaction.atomic
def resume(source: Source, *, by: Person) -> None:
    """Sync again by the schedule; the next sync is due at once."""
    source.paused_at = source.paused_by = None
    source.next_sync_at = datetime.now(UTC)
    source.save(update_fields=["paused_at", "paused_by", "next_sync_at"])
    tell(source.workspace, "source_resumed", person=by, source=source)


def remove(source: Source, *, by: Person | None, delete_data: bool) -> None:
    """Take a data source away: its key at once, its data if so chosen. The approval stays active in the system itself."""
    from tieout.portal.syncs import actions as syncs

    with transaction.atomic():
        Credentials.objects.filter(source=source).delete()
        source.removed_at = datetime.now(UTC)
        source.next_sync_at = None
        source.save(update_fields=["removed_at", "next_sync_at"])
        facts = {"company": source.company_name, "organisation_number": source.organisation_number}
        tell(source.workspace, "source_removed", person=by, source=source, data_deleted=delete_data, **facts)
    if delete_data:
        syncs.delete_data(source)
        source.delete()
