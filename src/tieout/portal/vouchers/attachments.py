"""A voucher's attachments: asked of the accounting system when somebody wants them, handed on, never kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieout.connectors.attachments import MOST_BYTES, AttachmentKind, Attachments, KeepsAttachments
from tieout.connectors.base import Claim, Priority
from tieout.connectors.errors import (
    ConnectorError,
    NeedsCompanyError,
    NotPermittedError,
    TooLargeError,
    TryLaterError,
)
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.sources.queries import connector_of

TITLES: dict[AttachmentKind, str | Promise] = {
    AttachmentKind.EHF: gettext_lazy("EHF invoice"),
    AttachmentKind.PDF: "PDF",
    AttachmentKind.IMAGES: gettext_lazy("Images"),
    AttachmentKind.ORDER: gettext_lazy("Attachments of the sales order, with all the rest"),
}
# A file of somebody else's making is saved, never shown: no type is guessed and nothing in it may run.
HANDED_ON = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}
TYPE = "application/octet-stream"  # whatever it holds


class NotToBeHadError(Exception):
    """Attachments can't be told or fetched. `why` says so in the person's language, `detail` in the system's own words."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


@dataclass(frozen=True, slots=True)
class File:
    """One that can be fetched, and where."""

    title: str | Promise
    address: str
    ending: str


def are_kept_by(source: Source) -> bool:
    """Whether the source's system has attachments that we know how to ask for."""
    return isinstance(connector_of(source), KeepsAttachments)


def files_of(source: Source, number: int, voucher_id: str) -> Sequence[File]:
    """What is attached to a voucher, by one request of a person's. Raises NotToBeHadError."""
    kinds, ending = kinds_of(source, voucher_id)
    return [File(TITLES[kind], _address(source, number, voucher_id, kind), ending) for kind in kinds]


def kinds_of(source: Source, voucher_id: str) -> tuple[Sequence[AttachmentKind], str]:
    """What is attached to a voucher, and the ending of such files. Raises NotToBeHadError."""
    with _asking(source) as attachments:
        return attachments.of(voucher_id), attachments.ending


def fetched(source: Source, number: int, voucher_id: str, kind: AttachmentKind) -> FileResponse:
    """A file as a browser saves it. It lies in a nameless file until it was handed on. Raises NotToBeHadError."""
    file: IO[bytes] = TemporaryFile(dir=settings.TIEOUT.home)  # noqa: SIM115 - the response closes it
    try:
        with _asking(source) as attachments:
            if not attachments.fetch(voucher_id, kind, file):
                raise NotToBeHadError(_("There is no such attachment any more."))
            name = f"voucher-{number}-{kind.value}.{attachments.ending}"
    except BaseException:
        file.close()
        raise
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE, headers=HANDED_ON)


def _address(source: Source, number: int, voucher_id: str, kind: AttachmentKind) -> str:
    return reverse("vouchers:attachment", args=[source.pk, number, kind.value]) + "?" + urlencode({"id": voucher_id})


@contextmanager
def _asking(source: Source) -> Iterator[Attachments]:
    connector = connector_of(source)
    if not isinstance(connector, KeepsAttachments):
        raise NotToBeHadError(_("%(system)s has no attachments.") % {"system": connector.title})
    claim = Claim(str(source.pk), Priority.PERSON)
    try:
        key = client_key(source)
        with closing(connector.attachments(key, company=source.organisation_number, claim=claim)) as attachments:
            yield attachments
    except (Credentials.DoesNotExist, CannotDecryptError) as error:
        raise NotToBeHadError(
            _("There is no key that opens this company. Its administrator must approve again (Access).")
        ) from error
    except ConnectorError as error:
        raise NotToBeHadError(_sentence(error, connector.title), _reason(error)) from error


def _sentence(error: ConnectorError, system: str) -> str:
    names = {"system": system}
    match error:
        case NotPermittedError():
            return _("%(system)s does not open this company’s attachments to us.") % names
        case NeedsCompanyError():
            return _("%(system)s no longer accepts the company’s approval. Its administrator must renew it.") % names
        case TryLaterError():
            return _("%(system)s is busy or can’t be reached. Try again in a minute.") % names
        case TooLargeError():
            return _("This attachment is larger than %(megabytes)s MB. Open it in %(system)s itself.") % (
                names | {"megabytes": MOST_BYTES // 1_000_000}
            )
    return _("%(system)s gave an answer that is not as documented. Nothing was taken.") % names


def _reason(error: ConnectorError) -> str:
    """The system's own words, where they tell more than our sentence."""
    return error.reason if isinstance(error, NotPermittedError) else ""
