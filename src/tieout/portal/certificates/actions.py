"""What may happen to certificates: one is exported. It is signed, chained to the one before, kept, and told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from tieout import __version__
from tieout.connectors.base import Secret
from tieout.portal.certificates import words
from tieout.portal.certificates.drawing import draw
from tieout.portal.certificates.facts import compared
from tieout.portal.certificates.models import Certificate, Link, SigningKey
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.tie_outs import tie_out_of
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace
from tieout.sync.certificate import attached, seal
from tieout.sync.certificate.repeat import repeat_sql
from tieout.sync.certificate.statement import figures, instant

FORMAT_OF_FIGURES = 1


class NothingToCertifyError(Exception):
    """There was no tie-out yet."""


def export(source: Source, *, by: Person | None) -> Certificate:
    """Certify a data source's latest tie-out, in the language and zone of this thread.

    Raises NothingToCertifyError, MovedError (what is stored is not what was compared), BusyError, CannotDecryptError.
    """
    tie_out = tie_out_of(source)
    if tie_out is None or not warehouses.exists(source.workspace):
        raise NothingToCertifyError("nothing was compared yet; the first tie-out comes at the end of the first sync.")
    connector = connector_of(source)
    with warehouses.store_of(source) as store:
        told = figures(compared(source, tie_out, store), connector.proof, store)
    with transaction.atomic():
        certificate = _issued(source, connector.title, told, by)
        tell(source.workspace, "certificate_exported", person=by, source=source, number=certificate.number)
    return certificate


def _issued(source: Source, system: str, told: dict[str, Any], by: Person | None) -> Certificate:
    """Number, draw, sign and keep. Inside a transaction, so that no number is given twice."""
    key, now = signing_key(source.workspace), timezone.now()
    before = Link.objects.in_workspace(source.workspace).first()
    number = before.number + 1 if before else 1
    content = _content(source, system, told, by, number=number, before=before, now=now)
    envelope = seal.unsealed(content, key.public_key)
    pdf, done = attached.seal_pages(draw(envelope), envelope, key.reveal("private_key").reveal())
    link = Link.objects.create(workspace=source.workspace, number=number, sha256=done["sha256"], issued_at=now)
    certificate = Certificate(link=link, source=source, issued_by=by, pdf=pdf, verdict=told["tie_out"]["verdict"])
    certificate.tied_out_at = datetime.fromisoformat(told["tie_out"]["at"])
    certificate.on = told["ledger"]["date"] if told["ledger"] else None
    certificate.document = attached.attachment(done).decode()
    certificate.sql = repeat_sql(content, certificate.file_name("sql"))
    certificate.save()
    return certificate


def signing_key(workspace: Workspace) -> SigningKey:
    """A workspace's key, made when it is first needed."""
    known = SigningKey.objects.filter(workspace=workspace).first()
    if known is not None:
        return known
    private = seal.new_key()
    key = SigningKey(workspace=workspace, public_key=seal.public_key(private), made_at=timezone.now())
    key.keep("private_key", Secret(private))
    key.save()
    return key


def _content(
    source: Source,
    system: str,
    told: dict[str, Any],
    by: Person | None,
    *,
    number: int,
    before: Link | None,
    now: datetime,
) -> dict[str, Any]:
    return {
        "number": number,
        "previous": {"number": before.number, "sha256": before.sha256} if before else None,
        "workspace": source.workspace.name,
        "source": {
            "id": str(source.pk),
            "name": source.company_name or source.name,
            "organisation_number": source.organisation_number,
            "connector": source.connector,
            "system": system,
        },
        "issued_at": instant(now),
        "issued_by": {"name": by.name or by.email, "email": by.email} if by else None,
        "zone": timezone.get_current_timezone_name(),
        "language": get_language() or "en",
        "versions": {"tieout": __version__, "figures": FORMAT_OF_FIGURES, "data": f"sync {told['tie_out']['sync']}"},
        "words": {
            "verdict": words.verdict_sentence(told, system),
            "scope": words.scope(system),
            "method": words.method(system, told["ledger"]),
            "limits": words.limits(),
            "canonical_form": words.canonical_form(),
        },
        **told,
    }
