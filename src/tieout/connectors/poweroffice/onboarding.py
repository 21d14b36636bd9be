"""The vendor's handshake: Initiate, the administrator approves in PowerOffice Go, Finalize gives the keys (contract 3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tieout.connectors.base import Callback, CallbackStatus, Departure, Onboarded, OnboardedCompany, Secret
from tieout.connectors.errors import NeedsCompanyError, NeedsOperatorError, UnexpectedAnswerError
from tieout.connectors.http import HURRIED_SECONDS, Answer, Call, Http, Meter
from tieout.connectors.poweroffice.auth import Keys
from tieout.ledger import organisation_number

# Sources differ on the name (contract 3.4): all spellings are one after `_plain`.
TOKEN_NAMES = ("token", "onboardingtoken", "xonboardingtoken")
STATUSES = {
    "success": CallbackStatus.APPROVED,
    "canceled": CallbackStatus.CANCELLED,
    "cancelled": CallbackStatus.CANCELLED,
    "clientnotfound": CallbackStatus.COMPANY_NOT_FOUND,
    "noclientaccess": CallbackStatus.NOT_ADMINISTRATOR,
    "integrationblocked": CallbackStatus.BLOCKED,
}


class PowerOfficeOnboarding:
    """Implements base.Onboarding. Neither call takes a bearer token (contract 3.2)."""

    def __init__(self, http: Http, url: str, keys: Keys) -> None:
        self._http, self._url, self._keys = http, f"{url}/v2/Onboarding", keys

    def begin(self, *, redirect_uri: str, organisation_number: str | None) -> Departure:
        """With an organisation number only that company is offered; without one the approver may choose several."""
        asked = {"ApplicationKey": self._keys.application.reveal(), "RedirectUri": redirect_uri}
        if organisation_number:
            asked["ClientOrganizationNo"] = organisation_number
        answer = self._post("Initiate", asked)
        if answer.status == 400:
            raise NeedsOperatorError(
                "PowerOffice Go refused to begin an approval. Check TIEOUT_POWEROFFICE_APPLICATION_KEY, and that "
                f"PowerOffice has whitelisted the callback address {redirect_uri.split('?')[0]}."
            )
        _expect_200(answer)
        return _departure(answer.json())

    def read_callback(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Callback:
        told = {_plain(name): value for name, value in query.items()}
        token = _token(told) or _token({_plain(name): value for name, value in headers.items()})
        raw = re.sub(r"[^A-Za-z0-9]", "", told.get("status", ""))[:40]
        status = STATUSES.get(raw.lower(), CallbackStatus.UNKNOWN)
        if status is CallbackStatus.APPROVED and not token:
            status = CallbackStatus.UNKNOWN
        approved = status is CallbackStatus.APPROVED
        return Callback(status=status, raw_status=raw, token=Secret(token) if approved else None)

    def finish(self, token: Secret) -> Onboarded:
        answer = self._post("Finalize", {"OnboardingToken": token.reveal()})
        if answer.status == 400:
            raise NeedsCompanyError("The approval has expired or was used before. It has to be given once more.")
        _expect_200(answer)
        told = answer.json()
        companies = tuple(_companies(told))
        if not companies:
            raise UnexpectedAnswerError("PowerOffice Go says that the approval was given, but for no company.")
        return Onboarded(approver_email=told.get("UserEmail") or None, companies=companies)

    def _post(self, step: str, asked: dict[str, str]) -> Answer:
        headers = {"Content-Type": "application/json"}
        body = json.dumps(asked).encode()
        url = f"{self._url}/{step}"
        call = Call(method="POST", url=url, headers=headers, body=body, patience=HURRIED_SECONDS)
        return self._keys.send(self._http, call, Meter())


def _expect_200(answer: Answer) -> None:
    if answer.status != 200:
        raise UnexpectedAnswerError(f"PowerOffice Go answered the approval in a way it never should ({answer.status}).")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _token(told: Mapping[str, str]) -> str:
    return next((told[name].strip() for name in TOKEN_NAMES if told.get(name, "").strip()), "")


def _departure(told: Any) -> Departure:
    try:
        url, until = str(told["TemporaryUrl"]), datetime.fromisoformat(told["ValidUntilDateTimeOffset"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnexpectedAnswerError("PowerOffice Go gave no address to approve at.") from error
    if urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).hostname:
        raise UnexpectedAnswerError("PowerOffice Go gave an address to approve at that is none.")
    return Departure(url=url, valid_until=(until if until.tzinfo else until.replace(tzinfo=UTC)).astimezone(UTC))


def _companies(told: Any) -> Iterator[OnboardedCompany]:
    """All that came back. One without a key is passed over: the answer comes once, and the other keys must not be lost."""
    found = told.get("OnboardedClientsInformation") if isinstance(told, dict) else None
    for company in found or ():
        if isinstance(company, dict) and company.get("ClientKey"):
            yield OnboardedCompany(
                name=str(company.get("ClientName") or ""),
                organisation_number=organisation_number.normalise(company.get("ClientOrganizationNumber")),
                client_key=Secret(str(company["ClientKey"])),
            )
