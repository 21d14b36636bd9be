"""Every request for the vendor's API, in the order in which the vendor looks at it (contract 12.2-12.5)."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from tieout.simulator.poweroffice.api.answering import Address, Disturbance, answer
from tieout.simulator.poweroffice.api.asking import Asked, BadRequestError, lacks_required, understand
from tieout.simulator.poweroffice.api.endpoint import Endpoint
from tieout.simulator.poweroffice.api.table import ENDPOINTS
from tieout.simulator.poweroffice.api.view import View
from tieout.simulator.poweroffice.gateway import answers, privileges
from tieout.simulator.poweroffice.gateway.faults import Fault, Faults
from tieout.simulator.poweroffice.gateway.limit import SlidingLimit
from tieout.simulator.poweroffice.gateway.routes import Routes, short_name
from tieout.simulator.poweroffice.gateway.tokens import Token, Tokens
from tieout.simulator.poweroffice.service import DEMO, PRODUCTION, Service

LONGEST_ADDRESS = 2_000  # characters (contract 5.1)
ADD_INTEGRATION = "/v2/clientadmin/addintegrationtoclient/"
_SMALLEST_PACKED = 1_000  # bytes
Handshake: TypeAlias = Callable[[str, bytes, Request], Response]  # (initiate or finalize, body, request)


@dataclass(slots=True)
class Call:
    """One request on its way in."""

    request: Request
    environment: str
    path: str  # after the environment, from the slash on: /OAuth/Token, /v2/Customers
    query: list[tuple[str, str]]  # without the subscription key
    name: str = ""  # as counts and faults call it
    endpoint: Endpoint | None = None
    parameters: dict[str, str] = field(default_factory=dict)  # of the path

    @property
    def authorization(self) -> str:
        return self.request.headers.get("authorization", "")


class Gateway:
    """Answers under /OAuth, /v2 and the same under /Demo."""

    def __init__(self, service: Service, tokens: Tokens, faults: Faults, handshake: Handshake) -> None:
        self._service, self._tokens, self._faults, self._handshake = service, tokens, faults, handshake
        self._limit = SlidingLimit()
        self._routes = Routes(ENDPOINTS)
        self._added: set[str] = set()  # organisation numbers to which the firm has added the integration

    async def answer(self, request: Request) -> Response:
        self._service.note_time()
        call = _call(request)
        self._find(call)
        refusal = self._at_the_door(call)
        if refusal is not None:
            return refusal
        if self._service.latency:
            await asyncio.sleep(self._service.latency)
        act = self._act(call)
        if act is None:
            return answers.not_found()
        faults = self._faults.strike(call.name, self._who(call))
        for fault in faults:
            if (spoilt := await self._spoil(fault, call)) is not None:
                return spoilt
        response = await act(call, _disturbance(faults))
        if any(fault.fault == "truncated" for fault in faults):
            response = Response(bytes(response.body)[: len(response.body) // 2], response.status_code, response.headers)
            response.headers["content-length"] = str(len(response.body))
        if self._service.options.gzip:
            response = await _packed(request, response)
        if any(fault.fault == "disconnected" for fault in faults):
            response.body = bytes(response.body)[: len(response.body) // 2]  # shorter than its Content-Length
        return response

    def _find(self, call: Call) -> None:
        path = call.path.lower()
        if path in ("/oauth/token", "/v2/onboarding/initiate", "/v2/onboarding/finalize"):
            call.name = {"token": "OAuth/Token", "initiate": "Onboarding/Initiate", "finalize": "Onboarding/Finalize"}[
                path.rpartition("/")[2]
            ]
        elif path.startswith(ADD_INTEGRATION):
            call.name, call.parameters = (
                "ClientAdmin/AddIntegrationToClient",
                {"clientId": path[len(ADD_INTEGRATION) :]},
            )
        elif path.startswith("/v2/") and (found := self._routes.find(call.path[3:])) is not None:
            call.endpoint, call.parameters = found
            call.name = short_name(call.endpoint)

    def _at_the_door(self, call: Call) -> Response | None:
        """What the gateway refuses before it looks where the request wants to go; and the counting."""
        service = self._service
        key = call.request.headers.get("ocp-apim-subscription-key") or call.request.query_params.get("subscription-key")
        service.requests.seen += 1
        service.requests.by_path[call.name or "unknown"] += 1
        if (organisation_number := self._who(call)) is not None:
            service.requests.by_company[organisation_number] += 1
        if key not in service.options.subscription_keys:
            return answers.gateway(401, answers.WRONG_KEY if key else answers.NO_KEY)
        if service.throttle and not self._limit.lets_through(call.environment):
            service.requests.throttled += 1
            return answers.throttled(retry_after=service.options.retry_after)
        return answers.not_found() if len(str(call.request.url)) > LONGEST_ADDRESS else None

    def _act(self, call: Call) -> Callable[[Call, Disturbance], Awaitable[Response]] | None:
        """What answers this call; None where the gateway has no route."""
        method = call.request.method
        if call.endpoint is not None:
            return self._read if method == "GET" and not lacks_required(call.endpoint, call.query) else None
        if call.name == "ClientAdmin/AddIntegrationToClient":
            return self._add if method == "POST" else None
        if call.name and method == "POST":
            return self._grant if call.name == "OAuth/Token" else self._onboard
        return None

    def _who(self, call: Call) -> str | None:
        """The organisation number behind a request, for counts and faults."""
        if call.name == "OAuth/Token":
            activation = self._tokens.whose(call.authorization, call.environment)
            return activation.organisation_number if activation else None
        token = self._tokens.find(call.authorization, call.environment)
        return token.activation.organisation_number if token else None

    async def _spoil(self, fault: Fault, call: Call) -> Response | None:
        """The answer that a fault puts in place of the real one; None where the real one goes on."""
        instance = call.request.url.path
        if fault.fault == "429":
            self._service.requests.throttled += 1
            return answers.throttled(retry_after=self._service.options.retry_after)
        if fault.fault == "500":
            return answers.problem(500, "An unexpected error occurred.", instance)
        if fault.fault == "502":
            return Response("<html><body><h1>502 Bad Gateway</h1></body></html>", 502, media_type="text/html")
        if fault.fault == "403":
            return answers.problem(403, "Missing privilege.", instance)
        if fault.fault == "503":
            return answers.problem(503, "The service is unavailable.", instance)
        if fault.fault == "timeout":
            await asyncio.sleep(fault.seconds)
            return answers.gateway(504, "The backend did not answer in time.")
        if fault.fault == "expired_token" and (token := self._token(call)) is not None:
            self._tokens.end(token.activation)
        return None

    async def _grant(self, call: Call, _disturbance: Disturbance) -> Response:
        return self._tokens.grant(call.authorization, await call.request.body(), call.environment)

    async def _onboard(self, call: Call, _disturbance: Disturbance) -> Response:
        return self._handshake(call.name.rpartition("/")[2].lower(), await call.request.body(), call.request)

    async def _add(self, call: Call, _disturbance: Disturbance) -> Response:
        """Add the integration to one of the accounting firm's clients (contract 3.7)."""
        token, instance = self._token(call), call.request.url.path
        if token is None:
            return Response(status_code=401)
        if not privileges.opens(token.privileges, ("ClientAdmin_Full",)):
            return answers.problem(403, "Missing privilege: ClientAdmin_Full.", instance)
        asked = call.parameters["clientId"]
        clients = self._service.clients_of(token.activation)
        client = next((one for one in clients if str(one.books.profile.client_id) == asked), None)
        if client is None:
            return answers.problem(404, f"Client with id = {asked} not found.", instance)
        was_added = client.organisation_number in self._added
        if self._service.is_blocked(client) or (was_added and self._service.options.added_twice == "400"):
            return answers.problem(400, "The integration can't be added to this client.", instance)
        self._service.add_integration(client, again=was_added)
        self._added.add(client.organisation_number)
        return answers.json(
            {
                "ClientId": asked,
                "ClientKey": client.key(token.environment),
                "ClientName": client.books.profile.name,
                "OrganizationNumber": client.organisation_number,
            }
        )

    async def _read(self, call: Call, disturbance: Disturbance) -> Response:
        """A question to the API itself."""
        assert call.endpoint is not None
        token = self._token(call)
        if token is None:
            return Response(status_code=401)
        instance = call.request.url.path
        service = self._service
        held = token.privileges if service.options.privileges_frozen else service.privileges(token.activation)[0]
        if call.endpoint.privileges and not privileges.opens(held, call.endpoint.privileges):
            return self._forbidden(call.endpoint, instance)
        try:
            asked = understand(call.endpoint, call.query, service.options)
        except BadRequestError as error:
            return answers.problem(400, str(error), instance)
        view = View(
            token.activation.books, service.clock.now(), service.options, given=asked.given, path=call.parameters
        )
        view.privileges = service.privileges(token.activation)
        view.subscriptions = service.subscriptions(token.activation)
        view.clients = [client.books for client in service.clients_of(token.activation)]
        address = Address(str(call.request.url.replace(query="")), tuple(call.query), instance)
        # In a thread: a large page must not hold up the others, whose arrival the limit counts.
        return await asyncio.to_thread(self._answer, call.endpoint, asked, view, address, disturbance)

    def _answer(
        self, endpoint: Endpoint, asked: Asked, view: View, address: Address, disturbance: Disturbance
    ) -> Response:
        with self._service.reading:
            self._service.follow()
            return answer(endpoint, asked, view, address, disturbance)

    def _token(self, call: Call) -> Token | None:
        return self._tokens.find(call.authorization, call.environment)

    def _forbidden(self, endpoint: Endpoint, instance: str) -> Response:
        if self._service.options.bare_refusals:
            return Response(status_code=403)
        return answers.problem(403, f"Missing privilege: {' or '.join(endpoint.privileges)}.", instance)


def _call(request: Request) -> Call:
    path = request.url.path
    environment = PRODUCTION
    if path.lower().startswith("/demo/"):
        environment, path = DEMO, path[5:]
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "subscription-key"]
    return Call(request, environment, path, query)


def _disturbance(faults: list[Fault]) -> Disturbance:
    kinds = {fault.fault: fault for fault in faults}
    return Disturbance(
        lag=kinds["lag"].seconds if "lag" in kinds else 0,
        shift=("shift" in kinds) - ("repeat" in kinds),
        without_header="no_pagination_header" in kinds,
        changes=[kind for kind in ("unknown_enum", "extra_member", "missing_member") if kind in kinds],
    )


async def _packed(request: Request, response: Response) -> Response:
    """Gzip for whoever asks for it; in a thread, since it is most of the work of a large page."""
    if len(response.body) < _SMALLEST_PACKED or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    response.body = await asyncio.to_thread(gzip.compress, bytes(response.body), 1)
    response.headers["content-encoding"] = "gzip"
    response.headers["vary"] = "Accept-Encoding"
    response.headers["content-length"] = str(len(response.body))
    return response
