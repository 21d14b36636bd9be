"""One company's books in PowerOffice Go, open for reading.

What to ask stands in questions.py; how a call is made and repeated in ../http.py; how pages follow each other in paging.py.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from tieout.catalog import Ask, How, Page
from tieout.connectors.base import SOMEBODY, Claim, Company, Secret
from tieout.connectors.emptying import emptying
from tieout.connectors.errors import ConnectorError, NotPermittedError, TryLaterError, UnexpectedAnswerError
from tieout.connectors.http import RETRY_SECONDS, Answer, Call, Http, Meter, Patience
from tieout.connectors.poweroffice.auth import Keys, Tokens
from tieout.connectors.poweroffice.paging import SIZES, PageSize, pages_of, told_total
from tieout.connectors.poweroffice.questions import Question, question, total_question
from tieout.connectors.poweroffice.streams import BY_NAME
from tieout.ledger import organisation_number

LARGEST_PAGE_SIZE = SIZES[-1]

PARTY_BALANCES = {
    "customers": ("/Customerledger/CustomerBalances", "CustomerLedger", "CustomerAccountNo"),
    "suppliers": ("/Supplierledger/SupplierBalances", "SupplierLedger", "SupplierAccountNo"),
}
# The department's parameter is plural, the project's is not (contract 6.1, 9.9).
DIMENSIONS: dict[str, Callable[[str], dict[str, str]]] = {
    "per_department": lambda code: {"departmentCodes": code},
    "per_project": lambda code: {"projectCode": code, "includeSubProject": "false"},
}


class PowerOfficeReader:
    """Implements base.Reader. Thread-safe."""

    def __init__(
        self,
        http: Http,
        tokens: Tokens,
        keys: Keys,
        url: str,
        client_key: Secret,
        *,
        page_size: PageSize | None = None,
        company: str = "",
        patience: Patience | None = None,
        claim: Claim = SOMEBODY,
    ) -> None:
        self._http, self._tokens, self._keys, self._url = http, tokens, keys, f"{url}/v2"
        self._client_key, self._page_size = client_key, page_size or PageSize()
        self._company, self._patience = company, patience
        self._meter = Meter(claim)
        self._files = itertools.count(1)

    @property
    def requests(self) -> int:
        return self._meter.requests

    @property
    def throttled(self) -> int:
        return self._meter.throttled

    def server_time(self) -> datetime | None:
        return self._meter.server_time()

    def close(self) -> None:
        """Connections and tokens belong to the connector; nothing of ours stays open."""

    def greet(self) -> None:
        """A token does; who has one still asks for what is short (contract 2)."""
        self._tokens.get(self._client_key, self._meter, patience=self._left)
        if self._meter.server_time() is None:
            self._object("/ClientIntegrationInformation", ())

    def company(self) -> Company:
        told = self._object("/ClientIntegrationInformation", ())
        settings = self._object("/OrganizationSettings", ("CommonServices",))
        number = organisation_number.normalise(settings.get("OrganizationNumber"))
        if not number:
            raise UnexpectedAnswerError("PowerOffice Go does not tell the company's organisation number.")
        return Company(
            name=str(settings.get("Name") or settings.get("LegalName") or told.get("ClientName") or number),
            organisation_number=number,
            client_id=told.get("ClientId"),
            valid_privileges=tuple(told.get("ValidPrivileges") or ()),
            invalid_privileges=tuple(told.get("InvalidPrivileges") or ()),
            subscriptions=tuple(told.get("ActiveClientSubscriptions") or ()),
        )

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        asked = question(ask, _today())
        if asked is None:
            return
        privileges, empty = BY_NAME[ask.stream.name].privileges, emptying(ask.stream)
        size = self._page_size.rows
        file = spool / f"{ask.stream.name}-{next(self._files):07d}"
        if not asked.paged:
            yield from self._unpaged(asked, privileges, file)
            return

        def fetch(number: int) -> Answer | None:
            path = file.with_name(f"{file.name}-{number:05d}")
            may_be_gone = ask.stream.how is How.PARENTS
            try:
                params = asked.page(number, size)
                answer = self._get(asked.path, params, privileges, spool=path, empty=empty, may_be_gone=may_be_gone)
            except TryLaterError:
                self._page_size.failed()
                raise
            if answer and (told_total(answer.headers) or 0) >= number * size:
                self._page_size.full_page_took(answer.seconds, rows=size)
            return answer

        yield from pages_of(fetch, size=size, fixed=asked.fixed)

    def total(self, ask: Ask) -> int | None:
        asked = total_question(ask, _today())
        if asked is None:
            return None
        answer = self._get(asked.path, asked.page(1, 1), BY_NAME[ask.stream.name].privileges)
        return told_total(answer.headers) if answer else 0

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        rows = self.rows("/TrialBalance", {"date": on.isoformat(), "OrderBy": "AccountId"}, ("TrialBalance",))
        return _sums(rows, "AccountNo")  # on farms an account has a row per agriculture department (contract 7.2)

    def dimension_balances(self, check: str, code: str, on: date) -> dict[int, Decimal]:
        """Of one project without its sub-projects: their postings bear their own code (contract 6.1, 7.1)."""
        params = {"date": on.isoformat(), "OrderBy": "AccountId", "hideAccountsWithZeroBalance": "true"}
        return _sums(self.rows("/TrialBalance", params | DIMENSIONS[check](code), ("TrialBalance",)), "AccountNo")

    def party_balances(self, check: str, on: date) -> dict[int, Decimal]:
        """What has no number is gathered under 0."""
        path, privilege, number = PARTY_BALANCES[check]
        return _sums(self.rows(path, {"date": on.isoformat(), "OrderBy": number}, (privilege,)), number)

    def _unpaged(self, asked: Question, privileges: tuple[str, ...], file: Path) -> Iterator[Page]:
        """A single object is spooled as an array of one."""
        answer = self._get(asked.path, asked.params, privileges)
        if answer is None:
            return
        one = isinstance(answer.json(), dict)
        path = file.with_name(f"{file.name}.json")
        path.write_bytes(b"[" + answer.body + b"]" if one else answer.body)
        yield Page(path=path, number=1, fixed=asked.fixed, server_time=answer.date)

    def rows(self, path: str, params: dict[str, str], privileges: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """All rows of a short list, amounts as exact Decimals. Raises ConnectorError."""
        for number in itertools.count(1):
            asked = {**params, "PageSize": str(LARGEST_PAGE_SIZE), "PageNumber": str(number)}
            answer = self._get(path, asked, privileges)
            rows = answer.json() if answer else []
            yield from rows
            if len(rows) < LARGEST_PAGE_SIZE:
                return

    def file(
        self, path: str, params: dict[str, str], privileges: tuple[str, ...], *, into: IO[bytes], most_bytes: int
    ) -> bool:
        """Write a file into `into`; whether there is one. Raises TooLargeError, other ConnectorErrors."""
        return self._get(path, params, privileges, sink=into, most_bytes=most_bytes, may_be_gone=True) is not None

    def post(self, path: str, privileges: tuple[str, ...]) -> Answer:
        """The answer to a POST without a body, whatever its status but 403 and what is tried again. Raises ConnectorError."""
        answer, _ = self._authorised(Call(method="POST", url=self._url + path, body=b""))
        if _is_forbidden(answer):
            reason = (
                self._why_forbidden(privileges) or "the token is older than the privilege; try again in 20 minutes."
            )
            raise NotPermittedError(f"PowerOffice Go does not open {path} to us: {reason}", reason=reason)
        return answer

    def _object(self, path: str, privileges: tuple[str, ...]) -> dict[str, Any]:
        answer = self._get(path, {}, privileges)
        found = answer.json() if answer else None
        if not isinstance(found, dict):
            raise UnexpectedAnswerError(f"PowerOffice Go answered {path} with something else than an object.")
        return found

    def _get(
        self,
        path: str,
        params: dict[str, str],
        privileges: tuple[str, ...],
        *,
        spool: Path | None = None,
        empty: Callable[[bytes], bytes] | None = None,
        sink: IO[bytes] | None = None,
        most_bytes: int = 0,
        may_be_gone: bool = False,
    ) -> Answer | None:
        """The answer of a 200, None where there are no rows. Raises ConnectorError for everything else (contract 8.2)."""
        url = self._url + path
        call = Call(method="GET", url=url, params=params, spool=spool, empty=empty, sink=sink, most_bytes=most_bytes)
        try:
            return self._judged(call, path, privileges, may_be_gone=may_be_gone)
        except ConnectorError as error:
            error.company = self._company
            raise

    def _judged(self, call: Call, path: str, privileges: tuple[str, ...], *, may_be_gone: bool) -> Answer | None:
        answer, token = self._authorised(call)
        if _is_forbidden(answer):
            reason = self._why_forbidden(privileges)
            if reason:
                raise NotPermittedError(f"PowerOffice Go does not open {path} to us: {reason}", reason=reason)
            # Privileges are frozen in a token (contract 8.4): one that is newer may do.
            self._tokens.renew(self._client_key, self._meter, refused=token, patience=self._left)
            answer, _ = self._authorised(call)
        if answer.status == 200:
            return answer
        if answer.status == 204 or (answer.status == 404 and may_be_gone and not _is_gateway(answer)):
            return None
        raise UnexpectedAnswerError(f"PowerOffice Go refused {path} ({answer.status}{_detail(answer)}).")

    def _authorised(self, call: Call) -> tuple[Answer, str]:
        """The answer, after one renewal of a token that is no longer accepted, and the token it was given for."""
        token = self._tokens.get(self._client_key, self._meter, patience=self._left)
        answer = self._send(call, token)
        if answer.status == 401:
            token = self._tokens.renew(self._client_key, self._meter, refused=token, patience=self._left)
            answer = self._send(call, token)
        if answer.status == 401:
            raise TryLaterError("PowerOffice Go refuses the token that it has just given.")
        return answer, token

    def _send(self, call: Call, token: str) -> Answer:
        headers = {**call.headers, "Authorization": f"Bearer {token}"}
        return self._keys.send(self._http, replace(call, headers=headers, patience=self._left), self._meter)

    @property
    def _left(self) -> float:
        """Seconds that the next call may take."""
        return RETRY_SECONDS if self._patience is None else self._patience.left

    def _why_forbidden(self, privileges: tuple[str, ...]) -> str:
        """A sentence from the company's own information, "" where it says that we may (contract 8.4)."""
        url = f"{self._url}/ClientIntegrationInformation"
        answer, _ = self._authorised(Call(method="GET", url=url))
        told = answer.members()
        wanted = {name for privilege in privileges for name in (privilege, f"{privilege}_Full")}
        if wanted & set(told.get("validprivileges") or ()):
            return ""
        names = " or ".join(privileges) or "this"
        if wanted & set(told.get("invalidprivileges") or ()):
            active = ", ".join(told.get("activeclientsubscriptions") or ()) or "none"
            return f"the company lacks the module behind the privilege {names} (active modules: {active})."
        return f"the integration has not been granted the privilege {names}; PowerOffice grants it on request."


def _today() -> date:
    return datetime.now(UTC).date()


def _is_forbidden(answer: Answer) -> bool:
    """403, or the 400 "Missing privilege" that has been seen in its place (contract 8.2)."""
    return answer.status == 403 or (answer.status == 400 and "privilege" in _detail(answer).lower())


def _is_gateway(answer: Answer) -> bool:
    """Whether the gateway answered, not the backend: a wrong path or a missing parameter of ours (contract 8.1)."""
    return "statuscode" in answer.members()


def _detail(answer: Answer) -> str:
    """What the vendor says of it, in any of its three families of error bodies (contract 8.1)."""
    told = answer.members()
    words = [str(told[name]) for name in ("title", "detail", "message") if told.get(name)]
    return (", " + ": ".join(words)[:300]) if words else ""


def _sums(rows: Iterator[dict[str, Any]], number: str) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    try:
        for row in rows:
            sums[int(row.get(number) or 0)] += Decimal(row["Balance"])
    except (AttributeError, KeyError, TypeError) as error:
        raise UnexpectedAnswerError(f"PowerOffice Go answered balances without {number} or Balance.") from error
    return dict(sums)
