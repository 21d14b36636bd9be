"""One HTTP call done well, whoever answers: limit, time limits, retries, whole bodies, figures. Knows no vendor.

Nothing here logs: addresses, headers and bodies may hold secrets.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import urlsplit

import httpx2
import stamina

from tieout.connectors.bodies import CutOffError, pour, write_array, write_changed
from tieout.connectors.errors import OverwhelmedError, TryLaterError, UnexpectedAnswerError
from tieout.connectors.turns import SOMEBODY, Claim

TIMEOUT = httpx2.Timeout(60.0, connect=10.0)  # seconds without a byte, not of the whole answer
ATTEMPTS = 7
RETRY_SECONDS = 180.0  # of one call with all its retries; then the sync carries on another time
HURRIED_SECONDS = 20.0  # of all calls together that somebody waits for, looking at an empty page
LONGEST_RETRY_AFTER = 60.0
SHORTEST_TIMEOUT = 0.1  # of a call that was begun at the end of its patience
DEFAULT_RETRY_AFTER = 1.0  # where a 429 does not say (contract 11.14)


# Method, kind of address without what names a record, and on whose behalf -> what is told the status.
Observer = Callable[[str, str, str], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def unobserved(_method: str, _kind: str, _who: str) -> Iterator[Callable[[int], None]]:
    """The observer while there is none."""
    yield lambda _status: None


_observer: Observer = unobserved


def observe_with(observer: Observer) -> None:
    """Have each request of this process watched: for traces (`portal/tracing.py`)."""
    global _observer
    _observer = observer


class Turn(Protocol):
    """Leave to send one request: see `rate_limit.Turn`."""

    def wait(self) -> None: ...
    def sent(self) -> None: ...
    def answered(self, kind: str) -> None: ...
    def refused(self, seconds: float) -> None: ...
    def over(self, *, is_well: bool) -> None: ...


class Limit(Protocol):
    """Who gives turns: see `rate_limit.RateLimiter`."""

    def take(self, claim: Claim, *, patience: float) -> Turn: ...


class Patience:
    """The seconds that several calls may take together, counted from now."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())


class Meter:
    """On whose behalf one reader calls, what its calls amounted to, and the other side's clock. Thread-safe."""

    def __init__(self, claim: Claim = SOMEBODY) -> None:
        self.claim = claim
        self._lock = threading.Lock()
        self._clock: tuple[datetime, float] | None = None
        self.requests = 0
        self.throttled = 0

    def count(self, status: int | None, date: datetime | None) -> None:
        with self._lock:
            self.requests += 1
            self.throttled += status == 429
            if date:
                self._clock = (date, time.monotonic())

    def server_time(self) -> datetime | None:
        """The other side's clock as last told, carried on by ours. UTC, whole seconds at the telling."""
        if self._clock is None:
            return None
        told, at = self._clock
        return told + timedelta(seconds=time.monotonic() - at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question. `spool` is a path without ending for the body of a 200; such a body must be a JSON array.

    `empty` changes such a body before it is written; it raises ValueError for one that is not whole.
    `sink` takes any other body of a 200 as it is, from its beginning at each try, up to `most_bytes`.
    `patience` are the seconds that it may take with all its retries.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    params: Mapping[str, str] = field(repr=False, default_factory=dict)
    body: bytes | None = field(repr=False, default=None)
    spool: Path | None = None
    empty: Callable[[bytes], bytes] | None = field(repr=False, default=None)
    sink: IO[bytes] | None = field(repr=False, default=None)
    most_bytes: int = 0
    patience: float = RETRY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. `body` is empty where `path` holds it. `seconds` passed from its turn to the end of its body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False, default=b"")
    path: Path | None = None
    seconds: float = 0.0

    @property
    def date(self) -> datetime | None:
        """The `Date` header, UTC."""
        return _date(self.headers)

    def json(self) -> Any:
        """The body, numbers with a point as exact Decimals. Raises UnexpectedAnswerError."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except ValueError as error:
            raise CutOffError("The accounting system's answer is not the JSON that it should be.") from error

    def members(self) -> dict[str, Any]:
        """The body's object with lower-case names; empty for anything else (contract 8.1: tolerate any error body)."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return {str(name).lower(): value for name, value in found.items()} if isinstance(found, dict) else {}


class Http:
    """Connections to one service under one limit. Thread-safe; `meter` says who is asking."""

    def __init__(
        self, limit: Limit, *, user_agent: str, trust_environment: bool = True, timeout: httpx2.Timeout = TIMEOUT
    ) -> None:
        self._limit = limit
        self._client = httpx2.Client(
            headers={"User-Agent": user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
            timeout=timeout,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=16, keepalive_expiry=60),
            trust_env=trust_environment,
        )

    def send(self, call: Call, meter: Meter) -> Answer:
        """The answer, whatever its status but 429 and 5xx.

        Raises TryLaterError when the other side stays busy or silent, UnexpectedAnswerError when its bodies stay broken,
        TooLargeError when one is more than its sink takes.
        """
        patience = Patience(call.patience)
        for attempt in stamina.retry_context(
            on=partial(_pause, patience), attempts=ATTEMPTS, timeout=call.patience, wait_initial=0.5, wait_max=20.0
        ):
            with attempt, _observer(call.method, _kind(call), meter.claim.who) as told:
                answer = self._send_once(call, meter, patience)
                told(answer.status)
                return answer
        raise AssertionError("unreachable: the last attempt returns or raises")

    def close(self) -> None:
        self._client.close()

    def _send_once(self, call: Call, meter: Meter, patience: Patience) -> Answer:
        turn = self._limit.take(meter.claim, patience=patience.left)
        counted, is_well, began = False, False, time.monotonic()
        try:
            with self._client.stream(
                call.method,
                call.url,
                headers=call.headers,
                params=call.params,
                content=call.body,
                timeout=self._timeout(call, patience),
                extensions={"trace": partial(_at_its_turn, turn)},
            ) as response:
                meter.count(response.status_code, _date(response.headers))
                counted = True
                turn.answered(_kind(call))
                _refuse_busy(response, turn)
                answer = replace(_receive(response, call), seconds=time.monotonic() - began)
                is_well = True
                return answer
        except httpx2.TimeoutException as error:
            raise OverwhelmedError("The accounting system did not answer in time.") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            if counted:  # the answer had begun
                raise CutOffError("The accounting system's answer was cut off.") from error
            raise TryLaterError("The accounting system can't be reached.") from error
        finally:
            turn.over(is_well=is_well)
            if not counted:
                meter.count(None, None)

    def _timeout(self, call: Call, patience: Patience) -> httpx2.Timeout:
        """The client's own, but never longer than is left, nor than half of it all: there must be time for a second try."""
        usual = self._client.timeout
        longest = max(SHORTEST_TIMEOUT, min(call.patience / 2, patience.left))
        return httpx2.Timeout(min(usual.read or longest, longest), connect=min(usual.connect or longest, longest))


def _at_its_turn(turn: Turn, step: str, _: Mapping[str, Any]) -> None:
    """Called by the HTTP client at each step: the turn is waited for with the connection open, so that a handshake
    can't make a request arrive late, and ends when the request has been written."""
    if step.endswith("send_request_headers.started"):
        turn.wait()
    elif step.endswith("send_request_body.complete"):
        turn.sent()


def _kind(call: Call) -> str:
    """What calls have in common whose answers take equally long: the address without what names a record in it."""
    steps = urlsplit(call.url).path.split("/")
    return "/".join("*" if any(letter.isdigit() for letter in step) else step for step in steps[1:])


def _refuse_busy(response: httpx2.Response, turn: Turn) -> None:
    status = response.status_code
    if status == 429:
        pause = _retry_after(response.headers) or DEFAULT_RETRY_AFTER
        turn.refused(pause)
        raise TryLaterError("The accounting system asks us to slow down.", retry_after_seconds=pause)
    if status >= 500:
        seconds = _retry_after(response.headers)
        raise OverwhelmedError(f"The accounting system has a fault of its own ({status}).", retry_after_seconds=seconds)


def _pause(patience: Patience, error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds. A wait that is too long is left to the next sync."""
    if isinstance(error, TryLaterError) and error.retry_after_seconds is not None:
        longest = min(LONGEST_RETRY_AFTER, patience.left)
        return error.retry_after_seconds if error.retry_after_seconds <= longest else False
    return isinstance(error, TryLaterError | CutOffError)


def _receive(response: httpx2.Response, call: Call) -> Answer:
    if call.sink is not None and response.status_code == 200:
        pour(response.iter_bytes(), call.sink, most_bytes=call.most_bytes)
        return Answer(status=200, headers=response.headers)
    spool = call.spool
    if spool is None or response.status_code != 200:
        return Answer(status=response.status_code, headers=response.headers, body=response.read())
    if call.empty is not None:
        path = spool.with_name(f"{spool.name}.json.gz")
        write_changed(response.read(), call.empty, path)
        return Answer(status=200, headers=response.headers, path=path)
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("gzip", "identity"):
        raise UnexpectedAnswerError(f"The accounting system answered in an encoding we did not ask for ({encoding}).")
    path = spool.with_name(spool.name + (".json.gz" if encoding == "gzip" else ".json"))
    write_array(response.iter_raw(), path, zipped=encoding == "gzip")
    return Answer(status=200, headers=response.headers, path=path)


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, given as such or as a date by the other side's own clock."""
    told = headers.get("Retry-After", "")
    if told.isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return None
    return max(0.0, (until - (_date(headers) or datetime.now(UTC))).total_seconds())
