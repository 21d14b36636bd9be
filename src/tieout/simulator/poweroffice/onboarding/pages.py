"""The pages that an administrator sees between leaving a product and coming back to it: sign in, choose, approve."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tieout.simulator.poweroffice.onboarding.handshake import START, Approval, Handshake, Status
from tieout.simulator.poweroffice.onboarding.texts import text_in
from tieout.simulator.poweroffice.service import Activation

COOKIE = "simulated_go"  # a name of its own: ports of one machine share their cookies
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
Step = Callable[[Request, str, Approval], Awaitable[Response]]
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class Pages:
    """Each step is a GET that shows and a POST that acts, then goes on to the next GET. All of it under START."""

    def __init__(self, handshake: Handshake) -> None:
        self._handshake = handshake

    def routes(self) -> list[Route]:
        return [
            Route(START, self._open(self.show_sign_in, signed_in=False)),
            Route(f"{START}/sign-in", self._open(self.sign_in, signed_in=False), methods=["POST"]),
            Route(f"{START}/clients", self._open(self.show_choice)),
            Route(f"{START}/clients", self._open(self.choose), methods=["POST"]),
            Route(f"{START}/approve", self._open(self.show_approval)),
            Route(f"{START}/approve", self._open(self.approve), methods=["POST"]),
            Route(f"{START}/cancel", self._open(self.cancel, signed_in=False), methods=["POST"]),
        ]

    async def show_sign_in(self, request: Request, token: str, approval: Approval) -> Response:
        return self._sign_in_page(request, token)

    async def sign_in(self, request: Request, token: str, approval: Approval) -> Response:
        form = await request.form()
        email, password = str(form.get("email", "")), str(form.get("password", ""))
        person = self._handshake.person(email, password)
        if person is None:
            return self._sign_in_page(request, token, email=email, is_wrong=True, status=403)
        approval.person, approval.chosen = person, []
        # Kept where there is one: a browser may have several approvals open, in tabs.
        approval.browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
        response = self._after_sign_in(token, approval)
        response.set_cookie(COOKIE, approval.browser, path=START, httponly=True, samesite="lax")
        return response

    async def show_choice(self, request: Request, token: str, approval: Approval) -> Response:
        offered = self._offered(approval)
        return self._page(request, "choose.html", token, offered=offered, person=approval.person, is_empty=False)

    async def choose(self, request: Request, token: str, approval: Approval) -> Response:
        form, offered = await request.form(), self._offered(approval)
        approval.chosen = _ticked(form, offered)
        if approval.chosen:
            return _see(f"{START}/approve?token={token}")
        return self._page(
            request, "choose.html", token, offered=offered, person=approval.person, is_empty=True, status=400
        )

    async def show_approval(self, request: Request, token: str, approval: Approval) -> Response:
        if not approval.chosen:
            return _see(f"{START}/clients?token={token}")
        return self._page(request, "approve.html", token, chosen=approval.chosen, person=approval.person)

    async def approve(self, _request: Request, token: str, approval: Approval) -> Response:
        if not approval.chosen:
            return _see(f"{START}/clients?token={token}")
        return _see(self._handshake.approve(approval))

    async def cancel(self, _request: Request, _token: str, approval: Approval) -> Response:
        return _see(self._handshake.end(approval, Status.CANCELED))

    def _sign_in_page(
        self, request: Request, token: str, *, email: str = "", is_wrong: bool = False, status: int = 200
    ) -> Response:
        people = self._handshake.people
        return self._page(request, "sign_in.html", token, email=email, is_wrong=is_wrong, people=people, status=status)

    def _offered(self, approval: Approval) -> list[Activation]:
        """The companies to choose among; what would have ended the approval did so at the sign-in."""
        offered = self._handshake.offered(approval)
        return [] if isinstance(offered, Status) else offered

    def _after_sign_in(self, token: str, approval: Approval) -> Response:
        offered = self._handshake.offered(approval)
        if isinstance(offered, Status):
            return _see(self._handshake.end(approval, offered))
        if approval.organisation_number is None:
            return _see(f"{START}/clients?token={token}")
        approval.chosen = offered
        return _see(f"{START}/approve?token={token}")

    def _open(self, step: Step, *, signed_in: bool = True) -> Callable[[Request], Awaitable[Response]]:
        """Only for an approval that is open, and where it matters in the browser that signed in."""

        async def endpoint(request: Request) -> Response:
            token = request.query_params.get("token", "")
            approval = self._handshake.find(token)
            if approval is None:
                if request.method == "POST" and (
                    answer := self._handshake.answered(token, request.cookies.get(COOKIE))
                ):
                    return _see(answer)
                return self._page(request, "expired.html", token, status=410)
            if signed_in and (approval.person is None or request.cookies.get(COOKIE) != approval.browser):
                return _see(f"{START}?token={token}")
            return await step(request, token, approval)

        return endpoint

    def _page(self, request: Request, name: str, token: str, *, status: int = 200, **told: Any) -> Response:
        language, text = text_in(request.headers.get("accept-language", ""))
        html = _TEMPLATES.get_template(name).render(start=START, token=token, language=language, text=text, **told)
        return HTMLResponse(html, status, _HEADERS)


def _ticked(form: FormData, offered: list[Activation]) -> list[Activation]:
    wanted = {str(value) for value in form.getlist("client")}
    return [activation for activation in offered if activation.organisation_number in wanted]


def _see(address: str) -> Response:
    return RedirectResponse(address, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
