"""An accounting firm's own key: which clients it has, and adding this integration to one of them (contract 3.7)."""

from __future__ import annotations

from tieout.connectors.base import FirmsClient, OnboardedCompany, Secret
from tieout.connectors.errors import NeedsCompanyError, UnexpectedAnswerError
from tieout.connectors.poweroffice.client import PowerOfficeReader
from tieout.ledger import organisation_number

MAY_LIST, MAY_ADD = "ClientAdmin", "ClientAdmin_Full"


class PowerOfficePartner:
    """Implements base.Partner."""

    def __init__(self, reader: PowerOfficeReader) -> None:
        self._reader = reader

    def may_list(self, privileges: tuple[str, ...]) -> bool:
        return MAY_LIST in privileges or MAY_ADD in privileges

    def may_add(self, privileges: tuple[str, ...]) -> bool:
        return MAY_ADD in privileges

    def clients(self) -> list[FirmsClient]:
        rows = self._reader.rows("/ClientAdmin/Clients", {"OrderBy": "Id"}, (MAY_LIST,))
        try:
            return [
                FirmsClient(
                    id=str(row["Id"]),
                    name=str(row.get("ClientName") or ""),
                    organisation_number=organisation_number.normalise(row.get("OrganizationNumber")),
                    is_active=bool(row.get("IsActive", True)),
                )
                for row in rows
            ]
        except (AttributeError, KeyError, TypeError) as error:
            raise UnexpectedAnswerError("PowerOffice Go listed the firm's clients without their ids.") from error

    def add(self, client: FirmsClient) -> OnboardedCompany:
        answer = self._reader.post(f"/ClientAdmin/AddIntegrationToClient/{client.id}", (MAY_ADD,))
        if answer.status in (400, 404):
            raise NeedsCompanyError(
                "PowerOffice Go did not let the firm add the integration to this client: it is there already, is blocked, or "
                "the client is no longer the firm's. An approval link to the client does it too."
            )
        told = answer.json() if answer.status == 200 else None
        if not isinstance(told, dict) or not told.get("ClientKey"):
            raise UnexpectedAnswerError(f"PowerOffice Go added the integration without giving a key ({answer.status}).")
        return OnboardedCompany(
            name=str(told.get("ClientName") or client.name),
            organisation_number=organisation_number.normalise(told.get("OrganizationNumber")),
            client_key=Secret(str(told["ClientKey"])),
        )

    def close(self) -> None:
        self._reader.close()
