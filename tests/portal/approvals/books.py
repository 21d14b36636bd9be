"""An accounting system for tests: companies, keys that an approval may change, and faults at every question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tieout.catalog import Stream
from tieout.connectors.base import (
    SOMEBODY,
    Approval,
    Callback,
    CallbackStatus,
    Claim,
    Company,
    Departure,
    Onboarded,
    OnboardedCompany,
    Proof,
    Secret,
)
from tieout.connectors.errors import ConnectorError, NeedsCompanyError, UnexpectedAnswerError

STATUSES = {
    "Success": CallbackStatus.APPROVED,
    "Canceled": CallbackStatus.CANCELLED,
    "ClientNotFound": CallbackStatus.COMPANY_NOT_FOUND,
    "NoClientAccess": CallbackStatus.NOT_ADMINISTRATOR,
    "IntegrationBlocked": CallbackStatus.BLOCKED,
}
NORDLYS, DRIFT = "923609016", "974760673"  # both with the right check digit
APPROVER = "approver@example.com"


@dataclass
class Client:
    """A company in the system, with the one key that opens its books now."""

    name: str
    number: str
    client_id: str
    key: str
    says_number: str | None = None  # what `finish` tells; None: the truth


@dataclass
class System:
    """What the system knows, and what goes wrong next: faults are raised in order, then all is well."""

    clients: list[Client] = field(default_factory=list)
    changes_keys: bool = False
    faults: dict[str, list[ConnectorError]] = field(default_factory=dict)
    begun: list[tuple[str, str | None]] = field(default_factory=list)
    tokens: dict[str, list[Client]] = field(default_factory=dict)
    opened: int = 0

    def add(self, name: str, number: str, client_id: str = "") -> Client:
        client = Client(name, number, client_id or f"id-of-{name}", f"key-of-{name}-1")
        self.clients.append(client)
        return client

    def approve(self, *clients: Client) -> str:
        """What the browser brings back after an approval: a token, good for one exchange."""
        token = f"token-{len(self.tokens) + 1}"
        self.tokens[token] = list(clients)
        return token

    def happen(self, question: str) -> None:
        waiting = self.faults.get(question)
        if waiting:
            raise waiting.pop(0)


class Books:
    """The connector of a `System`, approved by redirect. It is also its own handshake and reader."""

    name = "books"
    title = "Fixture Books"
    approval = Approval.REDIRECT
    streams: tuple[Any, ...] = (Stream(name="account_transactions", columns=()), Stream(name="customers", columns=()))
    proof = Proof()

    def __init__(self, system: System) -> None:
        self.system = system

    def where_to_end(self) -> str:
        return "In Fixture Books, under Settings, Extensions."

    def onboarding(self) -> Books:
        return self

    def begin(self, *, redirect_uri: str, organisation_number: str | None) -> Departure:
        self.system.happen("begin")
        self.system.begun.append((redirect_uri, organisation_number))
        return Departure(url="https://books.example/approve", valid_until=datetime.now(UTC) + timedelta(minutes=10))

    def read_callback(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Callback:
        raw = query.get("status", "")
        token = query.get("token")
        return Callback(
            status=STATUSES.get(raw, CallbackStatus.UNKNOWN), raw_status=raw, token=Secret(token) if token else None
        )

    def finish(self, token: Secret) -> Onboarded:
        self.system.happen("finish")
        try:
            clients = self.system.tokens.pop(token.reveal())
        except KeyError:
            raise UnexpectedAnswerError("The token is not known.") from None
        for client in clients:
            if self.system.changes_keys:
                client.key = f"{client.key.rpartition('-')[0]}-{int(client.key.rpartition('-')[2]) + 1}"
        return Onboarded(
            approver_email=APPROVER,
            companies=tuple(
                OnboardedCompany(
                    name=client.name,
                    organisation_number=client.number if client.says_number is None else client.says_number,
                    client_key=Secret(client.key),
                )
                for client in clients
            ),
        )

    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> Reader:
        return Reader(self.system, key)


class KeyBooks(Books):
    """The same, connected by a key that somebody pastes."""

    name = "keybooks"
    title = "Key Books"
    approval = Approval.KEY

    def onboarding(self) -> Books:
        raise AssertionError("a system with keys has no handshake")


@dataclass
class Reader:
    """One company's books. `company` is all that approvals ask."""

    system: System
    key: Secret

    def company(self) -> Company:
        self.system.opened += 1
        self.system.happen("company")
        for client in self.system.clients:
            if client.key == self.key.reveal():
                return Company(
                    name=client.name,
                    organisation_number=client.number,
                    client_id=client.client_id,
                    valid_privileges=("AccountTransaction",),
                    invalid_privileges=("Project",),
                )
        raise NeedsCompanyError("The key opens no books any more.")

    def close(self) -> None: ...
