"""The control's calls under truth/: which company and date are asked about, and who knows the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from starlette.requests import Request

from tieout.simulator.books.model import Books
from tieout.simulator.poweroffice.control import truth
from tieout.simulator.poweroffice.service import Activation, Service


class Told:
    """One method per truth. Raises ValueError for an unknown company or what is no date."""

    def __init__(self, service: Service, find: Callable[[Mapping[str, Any]], Activation]) -> None:
        self._service, self._find = service, find

    def table(self) -> tuple[tuple[str, str, Callable[[Request, Any], Any]], ...]:
        """Method, path and call of each."""
        return (
            ("GET", "/truth/trial-balance", self.trial_balance),
            ("GET", "/truth/counts", self.counts),
            ("GET", "/truth/party-balances", self.party_balances),
            ("GET", "/truth/open-items", self.open_items),
            ("GET", "/truth/vat", self.vat),
            ("GET", "/truth/expected", self.expected),
            ("GET", "/truth/planted", self.planted),
        )

    def trial_balance(self, request: Request, _body: Any) -> Any:
        return {"accounts": truth.trial_balance(self._books(request), self._date(request))}

    def counts(self, request: Request, _body: Any) -> Any:
        return truth.counts(self._books(request), self._service.options)

    def party_balances(self, request: Request, _body: Any) -> Any:
        books, on = self._books(request), self._date(request)
        return {kind: truth.party_balances(books, kind, on) for kind in ("customer", "supplier")}

    def open_items(self, request: Request, _body: Any) -> Any:
        books, on = self._books(request), self._date(request)
        return {kind: truth.open_items(books, kind, on) for kind in ("customer", "supplier")}

    def vat(self, request: Request, _body: Any) -> Any:
        return {"terms": truth.vat(self._books(request))}

    def expected(self, request: Request, _body: Any) -> Any:
        return truth.expected(self._books(request))

    def planted(self, request: Request, _body: Any) -> Any:
        return as_planted(self._books(request).planted)

    def _books(self, request: Request) -> Books:
        with self._service.reading:
            self._service.follow()
        return self._find(request.query_params).books

    def _date(self, request: Request) -> date:
        """The date asked about; today by the simulator's clock where none is."""
        return date.fromisoformat(request.query_params.get("date") or self._service.clock.now().date().isoformat())


def as_planted(changes: Iterable[tuple[datetime, str, str]]) -> list[dict[str, Any]]:
    """Changes of what was there before."""
    return [{"at": at, "kind": kind, "what": what} for at, kind, what in changes]
