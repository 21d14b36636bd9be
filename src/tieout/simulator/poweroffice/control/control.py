"""The control under /_simulator/, for tests, scripts and demos. Never part of the vendor's API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tieout.config import SIMULATOR_APPLICATION_KEY, SIMULATOR_SUBSCRIPTION_KEY
from tieout.simulator.books.changes import one_kind
from tieout.simulator.poweroffice.control.told import Told, as_planted
from tieout.simulator.poweroffice.gateway import answers
from tieout.simulator.poweroffice.gateway.faults import Faults
from tieout.simulator.poweroffice.gateway.tokens import Tokens
from tieout.simulator.poweroffice.service import DEMO, PRODUCTION, Activation, Requests, Service

MOST_CHANGES = 100  # at a time
Call = Callable[[Request, Any], Any]  # (request, JSON body) -> JSON answer; ValueError: 400 with its text


class Control:
    """One method per call; what they raise as ValueError is told with 400."""

    def __init__(self, service: Service, tokens: Tokens, faults: Faults) -> None:
        self._service, self._tokens, self._faults = service, tokens, faults

    def routes(self) -> list[Route]:
        table: tuple[tuple[str, str, Call], ...] = (
            ("GET", "/companies", self.companies),
            ("GET", "/people", self.people),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.move_clock),
            ("GET", "/requests", self.requests),
            ("DELETE", "/requests", self.forget_requests),
            *Told(self._service, self._activation).table(),
            ("GET", "/changes", self.changes),
            ("POST", "/changes", self.make_changes),
            ("POST", "/revoke", self.revoke),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.add_faults),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/options", self.options),
            ("POST", "/options", self.change_options),
        )
        return [Route(path, _answering(call), methods=[method]) for method, path, call in table]

    def companies(self, _request: Request, _body: Any) -> Any:
        return {
            "application_key": SIMULATOR_APPLICATION_KEY,
            "subscription_key": SIMULATOR_SUBSCRIPTION_KEY,
            "companies": [
                {
                    "name": activation.books.profile.name,
                    "organisation_number": activation.organisation_number,
                    "client_key": activation.key(PRODUCTION),
                    "demo_client_key": activation.key(DEMO),
                    "is_active": activation.is_active,
                    "remarks": activation.books.remarks,
                }
                for activation in self._service.activations.values()
            ],
        }

    def people(self, _request: Request, _body: Any) -> Any:
        return [
            {
                "email": person.email,
                "name": person.name,
                "password": person.password,
                "administrator_of": person.administrator_of,
                "access_to": person.access_to,
            }
            for person in self._service.people
        ]

    def clock(self, _request: Request, _body: Any) -> Any:
        return {"now": self._service.clock.now()}

    def move_clock(self, _request: Request, body: Any) -> Any:
        unknown = set(body) - {"advance_days", "advance_seconds"}
        if unknown:
            raise ValueError(f"the clock takes advance_days and advance_seconds, not {', '.join(sorted(unknown))}")
        by = timedelta(days=body.get("advance_days", 0), seconds=body.get("advance_seconds", 0))
        return {"now": self._service.advance(by)}

    def changes(self, _request: Request, _body: Any) -> Any:
        return sorted(one_kind.KINDS)

    def make_changes(self, _request: Request, body: Any) -> Any:
        """One kind of change, now; `times` is 1 unless told."""
        activation, kind, times = self._activation(body), str(body.get("kind")), int(body.get("times", 1))
        if kind not in one_kind.KINDS or not 1 <= times <= MOST_CHANGES:
            raise ValueError(f"kind is one of {', '.join(sorted(one_kind.KINDS))}; times at most {MOST_CHANGES}")
        before = len(activation.books.planted)
        done = self._service.change_books(activation, kind, times)
        return {"done": done, "planted": as_planted(activation.books.planted[before:])}

    def requests(self, _request: Request, _body: Any) -> Any:
        told = self._service.requests
        return {
            "seen": told.seen,
            "throttled": told.throttled,
            "by_path": dict(told.by_path),
            "by_company": dict(told.by_company),
        }

    def forget_requests(self, request: Request, body: Any) -> Any:
        self._service.requests = Requests()
        return self.requests(request, body)

    def revoke(self, _request: Request, body: Any) -> Any:
        activation = self._activation(body)
        self._service.revoke(activation)
        if body.get("now") or self._service.options.revoked_tokens_die:
            self._tokens.end(activation)
        return {"org": activation.organisation_number, "is_active": False}

    def faults(self, _request: Request, _body: Any) -> Any:
        return self._faults.as_json()

    def add_faults(self, _request: Request, body: Any) -> Any:
        self._faults.add(body if isinstance(body, list) else [body])
        return self._faults.as_json()

    def clear_faults(self, _request: Request, _body: Any) -> Any:
        self._faults.clear()
        return []

    def options(self, _request: Request, _body: Any) -> Any:
        return self._service.options.as_json()

    def change_options(self, _request: Request, body: Any) -> Any:
        self._service.change_options(body)
        return self._service.options.as_json()

    def _activation(self, told: Any) -> Activation:
        found = self._service.activations.get(str(told.get("org", "")))
        if found is None:
            raise ValueError("org must be the organisation number of one of the companies")
        return found


def _answering(call: Call) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            return answers.json(call(request, orjson.loads(raw) if raw else {}))
        except (ValueError, TypeError, AttributeError) as error:
            return answers.json({"error": str(error)}, 400)

    return endpoint
