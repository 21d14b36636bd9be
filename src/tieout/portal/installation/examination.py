"""Everything that the doctor looks at: this installation, its keys at vendors, and what companies granted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from tieout.config import Settings
from tieout.connectors.base import Connector
from tieout.connectors.errors import ConnectorError, NeedsCompanyError, TryLaterError
from tieout.connectors.first_contact import Finding, FirstContact, State
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.installation import checks
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.upkeep.versions import unknown_migrations


def here() -> Iterator[Finding]:
    """What can be said without asking anybody."""
    installation: Settings = settings.TIEOUT
    yield from checks.local(installation)
    yield _database(installation)


def vendors() -> Iterator[Finding]:
    """This installation's own keys; a few requests to each vendor."""
    for connector in settings.CONNECTORS.values():
        if isinstance(connector, FirstContact):
            yield from connector.examine(callback_of(connector.name))


def granted(sources: Iterable[Source]) -> Iterator[Finding]:
    """Whether a company granted more than to read; two requests a data source."""
    for source in sources:
        connector = connector_of(source)
        if isinstance(connector, FirstContact):
            yield _granted(source, connector, connector)


def callback_of(connector: str, public_url: str | None = None) -> str:
    """The address that a vendor sends approvers back to, as it must be white-listed."""
    return (public_url or settings.PUBLIC_URL) + reverse("approvals:callback", args=[connector])


def _database(installation: Settings) -> Finding:
    unknown = unknown_migrations(installation.home / "app.db")
    if not unknown:
        return Finding(subject=_("Database"), state=State.WELL, found=_("Its tables are ones that this version knows."))
    return Finding(
        subject=_("Database"),
        state=State.WRONG,
        found=_("A newer Tieout wrote it: its step {step} is unknown here."),
        advice=_("Install that version again, or restore the backup that was made before the upgrade."),
        facts={"step": unknown[0]},
    )


def _granted(source: Source, connector: Connector, contact: FirstContact) -> Finding:
    subject, facts = source.name.replace("{", "(").replace("}", ")"), {"system": contact.title}
    try:
        reader = connector.open(client_key(source), company=source.organisation_number, hurried=True)
        try:
            names = contact.privileges_to_write(reader.company())
        finally:
            reader.close()
    except (Credentials.DoesNotExist, CannotDecryptError):
        return Finding(
            subject=subject,
            state=State.COMPANY,
            found=_("There is no key that opens it."),
            advice=_("Have its administrator approve again: data source, Access."),
        )
    except ConnectorError as error:
        return Finding(subject=subject, state=_state(error), found="{why}", facts={"why": str(error)})
    if not names:
        return Finding(subject=subject, state=State.WELL, found=_("We may read, and nothing else."))
    return Finding(
        subject=subject,
        state=State.NOTICE,
        found=_("We may also write ({names}), though nobody asked for that. Tieout never does."),
        advice=_("Ask {system} to grant these for reading only."),
        facts=facts | {"names": ", ".join(names)},
    )


def _state(error: ConnectorError) -> State:
    match error:
        case TryLaterError():
            return State.LATER
        case NeedsCompanyError():
            return State.COMPANY
    return State.WRONG
