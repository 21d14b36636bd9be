"""The whole simulator as one ASGI application: the vendor's API, the pages of an approval, and the control."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tieout.simulator.poweroffice.control.control import Control
from tieout.simulator.poweroffice.gateway.faults import Faults
from tieout.simulator.poweroffice.gateway.gateway import Gateway
from tieout.simulator.poweroffice.gateway.tokens import Tokens
from tieout.simulator.poweroffice.onboarding.handshake import Handshake
from tieout.simulator.poweroffice.onboarding.pages import Pages
from tieout.simulator.poweroffice.service import Service

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def application(service: Service, *, control: bool) -> ASGIApp:
    """`control` opens /_simulator/; else it is as unknown as any other path."""
    tokens, faults = Tokens(service), Faults()
    handshake = Handshake(service)
    gateway = Gateway(service, tokens, faults, handshake)
    routes: list[BaseRoute] = [*Pages(handshake).routes()]
    if control:
        routes.append(Mount("/_simulator", routes=Control(service, tokens, faults).routes()))
    everything = Route("/{path:path}", gateway.answer, methods=_METHODS)
    return Dated(Starlette(routes=[*routes, everything]), service)


class Dated:
    """Puts the simulator's time into `Date`: clients are told to trust it more than their own clock."""

    def __init__(self, inner: ASGIApp, service: Service) -> None:
        self._inner, self._service = inner, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"date", self._date())]
            await send(message)

        await self._inner(scope, receive, dated)

    def _date(self) -> bytes:
        told = self._service.clock.now() + timedelta(seconds=self._service.options.skew_seconds)
        return format_datetime(told, usegmt=True).encode()
