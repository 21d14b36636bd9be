"""Writing the audit log: `record` is the one way in, `forget` the one way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tieout.portal.audits.models import Entry
from tieout.portal.logs import SECRETS
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Membership, Workspace

_address: ContextVar[str] = ContextVar("the client's address", default="")
TEXT_LENGTH = 300


@contextmanager
def asked_from(address: str) -> Iterator[None]:
    """Say from which client address the block's entries come."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def record(
    workspace: Workspace | None,
    kind: str,
    *,
    person: Person | None = None,
    source_id: UUID | None = None,
    actor: str = "",
    **facts: Any,
) -> Entry:
    """Add an entry, in the caller's transaction. `facts` are JSON values, never a secret nor a whole token.

    The client's address comes with the request. `actor` names somebody without an account here.
    """
    return Entry.objects.create(
        workspace=workspace,
        kind=kind,
        person=person,
        who=_short(actor or _name_of(person)),
        address=_address.get(),
        source_id=source_id,
        facts={name: _short(value) if isinstance(value, str) else value for name, value in facts.items()},
    )


def record_of_person(person: Person, kind: str, **facts: Any) -> None:
    """Add what concerns a person and no single workspace (signing in, a passkey): an entry in each of theirs, ended ones too."""
    with transaction.atomic():
        for membership in Membership.every.filter(person=person).select_related("workspace"):
            record(membership.workspace, kind, person=person, **facts)


def forget(*, before: datetime) -> int:
    """Take away entries older than `before` and older than a year; how many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audits_entry WHERE at < %s AND at <= datetime('now', '-1 year')",
            [connection.ops.adapt_datetimefield_value(before)],
        )
        return max(int(cursor.rowcount), 0)


def _name_of(person: Person | None) -> str:
    if person is None:
        return ""
    return f"{person.name} <{person.email}>" if person.name else person.email


def _short(text: str) -> str:
    """What others typed is cut; what looks like a secret is never stored."""
    return SECRETS.sub(r"\1***", text)[:TEXT_LENGTH]
