"""Tokens: one per client key, kept in memory, renewed early, by one thread at a time (contract 2)."""

from __future__ import annotations

import base64
import hashlib
import logging
import threading
import time
from dataclasses import dataclass, field, replace
from typing import NoReturn

from tieout.connectors.base import Secret
from tieout.connectors.errors import NeedsCompanyError, NeedsOperatorError, UnexpectedAnswerError
from tieout.connectors.http import RETRY_SECONDS, Answer, Call, Http, Meter

log = logging.getLogger(__name__)

TITLE = "PowerOffice Go"
SUBSCRIPTION_HEADER = "Ocp-Apim-Subscription-Key"
EARLY_SECONDS = 60.0
CONFIRM_SECONDS = 2.0  # between the first "invalid_client" and the second that makes us believe it
WITHDRAWN = ("invalid_client", "unauthorized_client")
WITHDRAWN_TEXT = (
    "PowerOffice Go no longer accepts the approval. It was withdrawn there, or the key belongs to another "
    "environment. An administrator of the company must approve again."
)
REFUSED_TEXT = (
    "PowerOffice Go refuses this installation's subscription key. Check TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY "
    "and that it belongs to the environment of TIEOUT_POWEROFFICE_URL."
)
# The vendor says the same of a wrong application key: only another company that is let in tells them apart.
EITHER_TEXT = (
    "PowerOffice Go does not accept these keys. Either the approval was withdrawn there, and an administrator of the "
    "company must approve again; or this installation's own application key is wrong: check "
    "TIEOUT_POWEROFFICE_APPLICATION_KEY, and that it belongs to the environment of TIEOUT_POWEROFFICE_URL."
)


class Keys:
    """What identifies this installation to the vendor. Thread-safe.

    A subscription has two keys, so that one can be made anew while the other opens the door (contract 1): where the one in
    use is refused, the other one is tried, and stays in use if it does.
    """

    def __init__(self, *, application: Secret, subscription: Secret, secondary: Secret | None = None) -> None:
        self.application, self.subscriptions = application, (subscription, *([secondary] if secondary else []))
        self.in_use = 0  # which of the subscriptions' keys opened the door last

    def send(self, http: Http, call: Call, meter: Meter) -> Answer:
        """The answer under a key that the gateway takes. Raises NeedsOperatorError where it takes none, as `Http.send` else."""
        first = self.in_use
        for number in (first, *(n for n in range(len(self.subscriptions)) if n != first)):
            header = {SUBSCRIPTION_HEADER: self.subscriptions[number].reveal()}
            answer = http.send(replace(call, headers={**call.headers, **header}), meter)
            if not is_subscription_refused(answer):
                self._now_in_use(number)
                return answer
        raise NeedsOperatorError(REFUSED_TEXT)

    def _now_in_use(self, number: int) -> None:
        if number != self.in_use:
            self.in_use = number
            log.warning("The other subscription key of %s is in use now: the one before was refused.", TITLE)


@dataclass(slots=True)
class _Held:
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = field(default="", repr=False)
    renew_at: float = 0.0  # by time.monotonic()
    is_let_in: bool = False  # as the vendor said last
    withdrawn_at: float = -1.0  # when the vendor said so, by time.monotonic()
    why: str = ""

    def share_refusal(self, asked_at: float) -> None:
        """Raise NeedsCompanyError where the vendor refused the company while the caller waited: ten threads ask once."""
        if self.withdrawn_at > asked_at:
            raise NeedsCompanyError(self.why)


class Tokens:
    """Bearer tokens of all companies of one installation. Thread-safe."""

    def __init__(self, http: Http, url: str, keys: Keys, *, confirm_seconds: float = CONFIRM_SECONDS) -> None:
        self._http, self._url, self._keys = http, f"{url}/OAuth/Token", keys
        self._confirm_seconds = confirm_seconds
        self._held: dict[bytes, _Held] = {}
        self._lock = threading.Lock()

    def get(self, client_key: Secret, meter: Meter, *, patience: float = RETRY_SECONDS) -> str:
        """A token that lives for another minute, had in `patience` seconds. Raises ConnectorError."""
        held, asked_at = self._of(client_key), time.monotonic()
        with held.lock:
            held.share_refusal(asked_at)
            if time.monotonic() >= held.renew_at:
                self._renew(held, client_key, meter, patience)
            return held.token

    def renew(self, client_key: Secret, meter: Meter, *, refused: str, patience: float = RETRY_SECONDS) -> str:
        """Another token than the refused one; asked for once however many threads were refused. Raises ConnectorError."""
        held, asked_at = self._of(client_key), time.monotonic()
        with held.lock:
            held.share_refusal(asked_at)
            if held.token == refused:
                self._renew(held, client_key, meter, patience)
            return held.token

    def _of(self, client_key: Secret) -> _Held:
        with self._lock:
            return self._held.setdefault(hashlib.sha256(client_key.reveal().encode()).digest(), _Held())

    def _renew(self, held: _Held, client_key: Secret, meter: Meter, patience: float) -> None:
        held.renew_at = 0.0
        answer = self._ask(client_key, meter, patience)
        if answer.status == 400 and answer.members().get("error") in WITHDRAWN:
            time.sleep(self._confirm_seconds)
            answer = self._ask(client_key, meter, patience)
        if answer.status == 401 or (answer.status == 400 and answer.members().get("error") in WITHDRAWN):
            self._shut_out(held)
        _expect_token(answer)
        told = answer.json()
        try:
            held.token, lives = str(told["access_token"]), float(told["expires_in"])
        except (KeyError, TypeError, ValueError) as error:
            raise UnexpectedAnswerError("PowerOffice Go answered a request for a token without one.") from error
        held.renew_at = time.monotonic() + max(lives - EARLY_SECONDS, lives / 2)
        held.is_let_in = True

    def _shut_out(self, held: _Held) -> NoReturn:
        """Remember that the vendor refused the company. Raises NeedsCompanyError."""
        held.is_let_in, held.withdrawn_at = False, time.monotonic()
        with self._lock:
            others_are_in = any(other.is_let_in for other in self._held.values())
        held.why = WITHDRAWN_TEXT if others_are_in else EITHER_TEXT
        raise NeedsCompanyError(held.why)

    def _ask(self, client_key: Secret, meter: Meter, patience: float) -> Answer:
        pair = f"{self._keys.application.reveal()}:{client_key.reveal()}"
        headers = {
            "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        body = b"grant_type=client_credentials"
        call = Call(method="POST", url=self._url, headers=headers, body=body, patience=patience)
        return self._keys.send(self._http, call, meter)


def is_subscription_refused(answer: Answer) -> bool:
    """Whether the gateway refuses the subscription key, not the backend the token (contract 2.3)."""
    return answer.status == 401 and "subscription" in str(answer.members().get("message", "")).lower()


def _expect_token(answer: Answer) -> None:
    if answer.status != 200:
        error = answer.members().get("error") or "no reason given"
        raise UnexpectedAnswerError(f"PowerOffice Go refused a token ({answer.status}, {error}).")
