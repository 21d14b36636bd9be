"""Initiate, the state of an approval, Finalize (contract 3). No bearer token; the pages stand in pages.py."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response

from tieout.config import SIMULATOR_APPLICATION_KEY, is_loopback
from tieout.simulator.poweroffice.gateway import answers
from tieout.simulator.poweroffice.people import Person
from tieout.simulator.poweroffice.service import DEMO, PRODUCTION, Activation, Service

_MEMBERS = {"ApplicationKey", "ClientOrganizationNo", "RedirectUri", "OnboardingToken"}
START = "/ApiAuthV2"  # where the vendor's sign-in lies too


class Status(StrEnum):
    """What the redirect says (contract 3.4)."""

    SUCCESS = "Success"
    CANCELED = "Canceled"
    CLIENT_NOT_FOUND = "ClientNotFound"
    NO_CLIENT_ACCESS = "NoClientAccess"
    INTEGRATION_BLOCKED = "IntegrationBlocked"


@dataclass(slots=True)
class Approval:
    """One approval on its way, from Initiate to the redirect. `browser` is whose sign-in it is."""

    environment: str
    redirect_uri: str
    organisation_number: str | None  # the only company to offer
    valid_until: datetime
    person: Person | None = None
    browser: str = ""
    chosen: list[Activation] = field(default_factory=list)
    is_over: bool = False
    answer: str = ""  # where the browser was sent when it was over


@dataclass(frozen=True, slots=True)
class Granted:
    """What an onboarding token is good for, once."""

    environment: str
    person: Person
    activations: tuple[Activation, ...]
    valid_until: datetime


class Handshake:
    """All approvals that are open, and onboarding tokens that wait for Finalize."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._approvals: dict[str, Approval] = {}
        self._granted: dict[str, Granted] = {}

    def __call__(self, step: str, body: bytes, request: Request) -> Response:
        instance = request.url.path
        try:
            told = {self._read_name(str(name)): value for name, value in orjson.loads(body).items()}
        except (orjson.JSONDecodeError, AttributeError):
            return answers.problem(400, "The body is not a JSON object.", instance)
        return self._initiate(told, request) if step == "initiate" else self._finalize(told, request)

    def _read_name(self, name: str) -> str:
        """Names of members count in any case, unless the switch says that they must be the vendor's own (contract 11.33)."""
        if self._service.options.body_keys == "exact" and name not in _MEMBERS:
            return f"unknown {name}"
        return name.lower()

    def find(self, token: str) -> Approval | None:
        """The open approval behind a temporary address; None when it is over, or out of time."""
        approval = self._approvals.get(token)
        if approval is None or approval.is_over or approval.valid_until < self._service.clock.now():
            return None
        return approval

    def answered(self, token: str, browser: str | None) -> str:
        """Where an approval that is over sent this browser: a second click cancels the first one's way back. Or empty."""
        approval = self._approvals.get(token)
        return approval.answer if approval and approval.browser and approval.browser == browser else ""

    @property
    def people(self) -> tuple[Person, ...]:
        return self._service.people

    def person(self, email: str, password: str) -> Person | None:
        wanted = email.strip().lower()
        return next((one for one in self._service.people if one.email == wanted and one.password == password), None)

    def offered(self, approval: Approval) -> list[Activation] | Status:
        """The companies that the person may choose among, or what ends the approval here."""
        assert approval.person is not None
        activations = self._service.activations
        if approval.organisation_number is not None:
            only = activations.get(approval.organisation_number)
            if only is None:
                return Status.CLIENT_NOT_FOUND
            allowed = approval.organisation_number in approval.person.administrator_of
            return [only] if allowed else Status.NO_CLIENT_ACCESS
        return [activations[number] for number in approval.person.administrator_of] or Status.NO_CLIENT_ACCESS

    def approve(self, approval: Approval) -> str:
        """Switch the integration on at the chosen companies; the address to go back to, with an onboarding token."""
        assert approval.person is not None
        if any(self._service.is_blocked(activation) for activation in approval.chosen):
            return self.end(approval, Status.INTEGRATION_BLOCKED)
        options = self._service.options
        if options.status:
            return self.end(approval, options.status)
        for activation in approval.chosen:
            self._service.approve(activation)
        token = secrets.token_urlsafe(72)
        until = self._service.clock.now() + timedelta(minutes=options.token_minutes)
        self._granted[token] = Granted(approval.environment, approval.person, tuple(approval.chosen), until)
        return self.end(approval, Status.SUCCESS, **{options.token_parameter: token})

    def end(self, approval: Approval, status: str, **more: str) -> str:
        """Close the approval; the address to go back to keeps its own query."""
        approval.is_over = True
        parts = urlsplit(approval.redirect_uri)
        query = [*parse_qsl(parts.query, keep_blank_values=True), ("status", str(status)), *more.items()]
        approval.answer = urlunsplit(parts._replace(query=urlencode(query)))
        return approval.answer

    def _initiate(self, told: dict[str, Any], request: Request) -> Response:
        instance = request.url.path
        if str(told.get("applicationkey", "")).lower() != SIMULATOR_APPLICATION_KEY:
            return answers.problem(400, "The application key is not valid.", instance)
        redirect_uri = str(told.get("redirecturi") or "")
        if not self._is_allowed(redirect_uri):
            return answers.problem(400, "The redirect uri is not white-listed for this integration.", instance)
        minutes = self._service.options.temporary_url_minutes
        until = self._service.clock.now() + timedelta(minutes=minutes)
        token = secrets.token_urlsafe(48)
        environment = DEMO if instance.lower().startswith("/demo/") else PRODUCTION
        self._approvals[token] = Approval(environment, redirect_uri, _digits(told.get("clientorganizationno")), until)
        address = f"{request.url.scheme}://{request.url.netloc}{START}?token={token}"
        return answers.json({"TemporaryUrl": address, "ValidUntilDateTimeOffset": until})

    def _finalize(self, told: dict[str, Any], request: Request) -> Response:
        granted = self._granted.pop(str(told.get("onboardingtoken") or ""), None)
        environment = DEMO if request.url.path.lower().startswith("/demo/") else PRODUCTION
        out_of_time = granted is not None and granted.valid_until < self._service.clock.now()
        if granted is None or out_of_time or granted.environment != environment:
            return answers.problem(400, "The onboarding token is not valid.", request.url.path)
        companies = [
            {
                "ClientKey": activation.key(granted.environment),
                "ClientName": activation.books.profile.name,
                "ClientOrganizationNumber": activation.organisation_number,
            }
            for activation in self._listed(granted)
        ]
        return answers.json({"OnboardedClientsInformation": companies, "UserEmail": granted.person.email})

    def _listed(self, granted: Granted) -> list[Activation]:
        """The companies ticked, or also those of the person that were switched on before (contract 11.11)."""
        ticked = list(granted.activations)
        if self._service.options.finalize_lists == "ticked":
            return ticked
        own = [self._service.activations[number] for number in granted.person.administrator_of]
        return ticked + [one for one in own if one.is_active and one not in ticked]

    def _is_allowed(self, redirect_uri: str) -> bool:
        """Domain and path count, the query does not; this machine itself is always allowed (contract 3.4)."""
        parts = urlsplit(redirect_uri)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        if is_loopback(redirect_uri):
            return True
        allowed = [urlsplit(one) for one in self._service.options.white_list]
        return any((one.hostname, one.path) == (parts.hostname, parts.path) for one in allowed)


def _digits(text: Any) -> str | None:
    """An organisation number as typed, blanks and country code aside."""
    digits = "".join(letter for letter in str(text or "") if letter.isdigit())
    return digits or None
