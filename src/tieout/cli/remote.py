"""Commands on a server elsewhere, through its API and with a token of somebody there: who may do there what he does here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import stamina

from tieout import __version__
from tieout.cli.backend import Facts
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import Settings
from tieout.connectors.base import Secret

PATIENCE_SECONDS = 120.0  # with a server that is busy or starts anew; a token may have to wait a minute
ANSWER_SECONDS = 90.0  # a question in SQL may take 30, and wait for others before it
LOOK_EVERY_SECONDS = 1.0
BUSY = (429, 502, 503, 504)
CODES = {
    "caller": ExitCode.WRONG_USE,
    "owner": ExitCode.WRONG_USE,
    "operator": ExitCode.WRONG_USE,
    "company": ExitCode.COMPANY_MUST_ACT,
    "nobody": ExitCode.TRY_LATER,
    "tieout": ExitCode.FAULT,
}
SOURCE = ("source", "organisation_number", "name", "approval", "verdict", "last_complete_at")
STAMP = ("stamp", "source", "name", "date", "stamped_at", "sync")
CHANGES = ("traced", "accounts", "vouchers", "vouchers_in_all")


@contextmanager
def remote(settings: Settings, workspace: str | None) -> Iterator[Remote]:
    """The server that the settings name, for one command. Raises Failure where the token is of another workspace."""
    told = {"Authorization": f"Bearer {settings.api_token}", "User-Agent": f"tieout/{__version__}"}
    with httpx2.Client(base_url=f"{settings.server}/api/v1/", headers=told, timeout=ANSWER_SECONDS) as http:
        here = Remote(http, settings.server)
        here.require(workspace)
        yield here


class BusyServerError(Exception):
    """Asking again may help. `after`: in so many seconds, where the server said."""

    def __init__(self, told: str, after: float | None) -> None:
        super().__init__(told)
        self.after = after


class Remote:
    """The backend of a server elsewhere. A failure on the way is told only after two minutes of trying."""

    def __init__(self, http: httpx2.Client, server: str) -> None:
        self._http, self._server = http, server

    def require(self, workspace: str | None) -> None:
        """Raise Failure unless the token is of the workspace of that name."""
        mine = self._ask("GET", "me")["workspace"] if workspace else None
        if mine != workspace:
            raise Failure(f"this token is of the workspace {mine!r}, not of {workspace!r}.", ExitCode.WRONG_USE)

    def sources(self) -> Sequence[Facts]:
        found = [_some(source, SOURCE) for source in self._walk("sources")]
        return sorted(found, key=lambda source: str(source["name"]))

    def add(self, connector: str, key: Secret) -> Facts:
        asked = {"connector": connector, "client_key": key.reveal(), "only_new": True}
        return _some(self._ask("POST", "sources", body=asked), SOURCE)

    def sync(self, source: Facts, *, full: bool, skip: Sequence[str]) -> Iterator[Facts]:
        return self._begun(source, "syncs", {"full": full, "skip": list(skip)})

    def tie_out(self, source: Facts, *, on: date | None) -> Iterator[Facts]:
        return self._begun(source, "checks", {"date": on.isoformat() if on else None})

    def _begun(self, source: Facts, what: str, wish: Facts) -> Iterator[Facts]:
        """Asked now, so that all companies' work begins before the first is followed; a refusal comes when it is followed."""
        try:
            sync = self._ask("POST", f"{_path(source)}/{what}", body=wish)
        except Failure as failure:
            return _refused(failure)
        return self._followed(f"{_path(source)}/syncs/{sync['sync']}")

    def _followed(self, path: str) -> Iterator[Facts]:
        """What a sync tells, until it is over."""
        after = 0
        while True:
            is_over = self._ask("GET", path)["outcome"] is not None  # asked first: what it told is complete then
            for event in self._walk(f"{path}/events", after=str(after)):
                after = event["number"]
                named = {"stream": event["stream"]} if event["stream"] else {}
                yield {"event": event["event"], "at": event["at"], **named, **event["facts"]}
            if is_over:
                return
            time.sleep(LOOK_EVERY_SECONDS)

    def witness(self, source: Facts, file: Path) -> Facts:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Failure(f"{file} can't be read: {error.strerror}.", ExitCode.WRONG_USE) from error
        told: Facts = self._ask("POST", f"{_path(source)}/witnesses", file=(file.name, content))
        del told["at"]
        return told

    def remove(self, source: Facts, *, delete_data: bool) -> str:
        where = str(self._ask("GET", _path(source))["where_to_end"])
        self._ask("DELETE", _path(source), params={"delete_data": str(delete_data).lower()})
        return where

    def stamp(self, source: Facts, *, name: str, on: date) -> Facts:
        asked = {"name": name, "date": on.isoformat()}
        return _some(self._ask("POST", f"{_path(source)}/stamps", body=asked), STAMP)

    def changes(self, source: Facts, *, since: str) -> Facts:
        stamps = self._walk(f"{_path(source)}/stamps")
        made = next((one for one in stamps if since in (one["name"], one["stamp"])), None)
        if made is None:
            raise Failure(f"{source['name']} has no stamp called {since!r}.", ExitCode.WRONG_USE)
        path, vouchers, cursor = f"{_path(source)}/stamps/{made['stamp']}/changes", list[Facts](), ""
        while True:
            found = self._ask("GET", path, params={"cursor": cursor, "limit": "200"})
            vouchers += found["vouchers"]
            if not (cursor := found["next"] or ""):
                return _some(found | {"vouchers": vouchers}, STAMP + CHANGES)

    def query(self, sql: str, *, as_of: str | None) -> tuple[list[str], list[list[Any]]]:
        if as_of is not None:
            raise Failure("a server is asked as of now; --as-of is for the machine itself.", ExitCode.WRONG_USE)
        found = self._ask("POST", "queries", body={"sql": sql})
        if found["is_cut"]:
            told = (
                f"the answer has more than {found['rows']:,} rows, and a server gives no more. Ask for sums, or a part."
            )
            raise Failure(told, ExitCode.WRONG_USE)
        rows = list(self._walk(f"queries/{found['query']}/rows", limit="5000"))
        return [column["name"] for column in found["columns"]], rows

    def status(self) -> Facts:
        told: Facts = self._ask("GET", "status")
        return told

    def _walk(self, path: str, **params: str) -> Iterator[Any]:
        """Everything of a list."""
        asked = {"limit": "200"} | params
        while True:
            page = self._ask("GET", path, params=asked)
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Facts | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Any:
        """The JSON of the answer. A POST that is sent again is done once, by its key."""
        once = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        asked = self._http.build_request(
            method, path, params=params, json=body, files={"file": file} if file else None, headers=once
        )
        try:
            for attempt in stamina.retry_context(on=_is_worth_it, attempts=None, timeout=PATIENCE_SECONDS):
                with attempt:
                    return self._answer(asked)
        except httpx2.TransportError as error:
            why = (
                f"{self._server} can't be reached: {type(error).__name__}. Whether it did what was asked is not known."
            )
            raise Failure(why, ExitCode.TRY_LATER) from error
        except BusyServerError as error:
            raise Failure(str(error), ExitCode.TRY_LATER) from error

    def _answer(self, asked: httpx2.Request) -> Any:
        answer = self._http.send(asked)
        problem = _problem_of(answer)
        if answer.status_code in BUSY:
            told = answer.headers.get("Retry-After", "")
            raise BusyServerError(
                problem.get("detail") or f"{self._server} is busy or starts anew ({answer.status_code}).",
                float(told) if told.isdigit() else None,
            )
        if problem:
            fields = "".join(f" {one['field']}: {one['message']}" for one in problem.get("errors", ()))
            raise Failure(f"{problem['detail']}{fields}", CODES.get(problem["who_must_act"], ExitCode.FAULT))
        if answer.status_code == 204:
            return None
        if answer.is_success and answer.headers.get("Content-Type", "").startswith("application/json"):
            return answer.json()
        raise Failure(
            f"{self._server} does not answer as Tieout does ({answer.status_code}). TIEOUT_SERVER must be the public"
            " address of the portal itself.",
            ExitCode.WRONG_USE,
        )


def _problem_of(answer: httpx2.Response) -> Facts:
    is_problem = answer.headers.get("Content-Type", "") == "application/problem+json"
    problem: Facts = answer.json() if is_problem else {}
    return problem


def _is_worth_it(error: Exception) -> bool | float:
    """Whether to ask once more, or in how many seconds."""
    if isinstance(error, BusyServerError):
        return error.after or True
    return isinstance(error, httpx2.TransportError)


def _refused(failure: Failure) -> Iterator[Facts]:
    yield from ()
    raise failure


def _path(source: Facts) -> str:
    return f"sources/{source['source']}"


def _some(facts: Facts, names: Sequence[str]) -> Facts:
    """Those facts that the command has, its times as this machine writes them."""
    return {name: _time(facts[name]) if name.endswith("_at") else facts[name] for name in names}


def _time(text: str | None) -> str | None:
    return datetime.fromisoformat(text).isoformat() if text else None
