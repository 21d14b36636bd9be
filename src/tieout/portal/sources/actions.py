"""What may happen to data sources."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType

from django.db import transaction

from tieout.connectors.base import Company, Secret
from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Credentials, Source
from tieout.portal.upkeep.unfinished import finish
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace


class AlreadyThereError(ValueError):
    """The company is a data source of this workspace already: `source`."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            f"{source.company_name} ({source.organisation_number}) is a data source of this workspace already."
        )
        self.source = source


AlreadyThere = AlreadyThereError  # the name in decision 0001


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
    approver_email: str | None = None,
    by: Person | None = None,
) -> Source:
    """Make a data source with its encrypted key. Raises AlreadyThereError for a company of this workspace.

    A company that was removed with its data kept comes back under its old id, so that its rows are never there twice.
    """
    source = find_company(workspace, connector, company)
    if source and not source.is_removed:
        raise AlreadyThereError(source)
    if source and source.is_to_be_deleted:
        _delete(source)
        source = None
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
    """Save what an approval says and the key it gave. What syncs write meanwhile into the same row is left alone."""
    now = datetime.now(UTC)
    approval = {
        "company_name": company.name,
        "client_id": company.client_id or source.client_id,
        "privileges": list(company.valid_privileges),
        "missing_privileges": list(company.invalid_privileges),
        "approval_state": ApprovalState.APPROVED,
        "approved_at": now,
        "approver_email": approver_email or "",
        "withdrawn_since": None,
        "trouble": "",
        "trouble_since": None,
        "trouble_message": "",
    }
    for field, value in approval.items():
        setattr(source, field, value)
    source.save(update_fields=None if source._state.adding else [*approval, "removed_at", "created_by"])
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
    standing = Source.objects.filter(pk=source.pk).exclude(approval_state=ApprovalState.WITHDRAWN)
    source.approval_state = ApprovalState.WITHDRAWN
    if not standing.update(approval_state=ApprovalState.WITHDRAWN, withdrawn_since=since):
        return
    source.withdrawn_since = since
    tell(source.workspace, "approval_withdrawn", source=source)


@transaction.atomic
def change_settings(source: Source, *, name: str, interval_minutes: int, hours: str, by: Person) -> None:
    """Rename a source or change its rhythm; the next sync is planned by the new one."""
    chosen = {"name": name, "interval_minutes": interval_minutes, "hours": hours}
    changed = {
        field: [getattr(source, field), value] for field, value in chosen.items() if getattr(source, field) != value
    }
    if not changed:
        return
    for field, value in chosen.items():
        setattr(source, field, value)
    now = datetime.now(UTC)
    if len(changed) > ("name" in changed) and source.next_sync_at and source.next_sync_at > now:
        source.next_sync_at = _next_slot(source, now)
    source.save(update_fields=[*chosen, "next_sync_at"])
    tell(source.workspace, "source_changed", person=by, source=source, **changed)


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


def remove(source: Source, *, delete_data: bool, by: Person | None = None) -> None:
    """Take a data source away: its key at once, its data if so chosen. The approval stays active in the system itself."""
    with transaction.atomic():
        Credentials.objects.filter(source=source).delete()
        source.removed_at = datetime.now(UTC)
        source.is_to_be_deleted = delete_data
        source.next_sync_at = None
        source.save(update_fields=["removed_at", "is_to_be_deleted", "next_sync_at"])
        facts = {"company": source.company_name, "organisation_number": source.organisation_number}
        tell(source.workspace, "source_removed", person=by, source=source, data_deleted=delete_data, **facts)
    _syncs().cancel_sync(source, by)
    if delete_data:
        _delete(source)


def finish_removals() -> int:
    """Delete what a stopped process left of removed sources; returns how many. For the holder of TIEOUT_HOME."""
    return finish(list(Source.objects.filter(is_to_be_deleted=True).select_related("workspace")), _delete)


def _delete(source: Source) -> None:
    _syncs().delete_data(source)
    source.delete()


def _syncs() -> ModuleType:
    # Not at the top: the app `syncs` stands on this module.
    from tieout.portal.syncs import actions

    return actions


def _next_slot(source: Source, now: datetime) -> datetime:
    from tieout.portal.syncs import schedule

    return schedule.next_slot(source, after=now)
