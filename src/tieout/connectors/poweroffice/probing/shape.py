"""Questions about how lists are asked and answered, and about refusals (contract 11.1-11.6, 9, 13, 14, 32-35)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx2

from tieout.connectors.http import Answer
from tieout.connectors.poweroffice.columns import COLUMNS
from tieout.connectors.poweroffice.probing.asking import Asking, NotToldError
from tieout.connectors.poweroffice.streams import ENDPOINTS

ACCOUNTS = "/GeneralLedgerAccounts"
BURST = 12  # two more than a second allows
ONE = {"PageSize": "1"}
CAMEL = {"ApplicationKey": "applicationKey", "RedirectUri": "redirectUri"}
INVOICE_FIELDS = "Id,VoucherType,CustomerNo,TotalAmount,SentDateTimeOffset,BalanceLastChangedDateTimeOffset"
MOST_INVOICES = 3  # of those without lines


def pagination_keys(asking: Asking) -> str:
    told = asking.get(ACCOUNTS, Fields="Id").headers.get("X-Pagination")
    if told is None:
        return "none"
    try:
        name = next(iter(json.loads(told)))
    except (ValueError, StopIteration) as error:
        raise NotToldError("the header is there, but holds no JSON object") from error
    return "pascal" if name[:1].isupper() else "camel"


def past_the_end(asking: Asking) -> str:
    answer = asking.get(ACCOUNTS, Fields="Id", PageNumber="9999")
    return {204: "204", 200: "empty"}.get(answer.status, str(answer.status))


def page_size_beyond(asking: Asking) -> str:
    return _refusal(asking.get(ACCOUNTS, Fields="Id", PageSize="20001"), else_="clamp")


def order(asking: Asking) -> str:
    """Three times the same question: an order that stays is one, whatever it is by."""
    seen = {_ids(asking.get_anew(ACCOUNTS, Fields="Id")) for _ in range(3)}
    if len(next(iter(seen))) < 3:
        raise NotToldError("too few rows to see an order")
    return "natural" if len(seen) == 1 else "shuffled"


def unknown_fields(asking: Asking) -> str:
    return _refusal(asking.get(ACCOUNTS, Fields="Id,NoSuchProperty"), else_="ignored")


def fields_have_id(asking: Asking) -> bool:
    rows = asking.rows(ACCOUNTS, Fields="AccountNo", **ONE)
    if not rows:
        raise NotToldError("no rows")
    return "Id" in rows[0]


def unknown_parameters(asking: Asking) -> str:
    return _refusal(asking.get(ACCOUNTS, Fields="Id", noSuchParameter="1"), else_="ignored")


def nulls(asking: Asking) -> str:
    rows = asking.rows(ACCOUNTS, PageSize="50")
    names = {column.field for column in COLUMNS["GeneralLedgerAccountDto"]}
    if any(value is None for row in rows for value in row.values()):
        return "sent"
    if any(names - set(row) for row in rows):
        return "omitted"
    raise NotToldError("no row lacks a value")


def gzip(asking: Asking) -> bool:
    answer = asking.get(ACCOUNTS, PageSize="50")
    return answer.headers.get("Content-Encoding", "").lower() == "gzip"


def temporary_url_minutes(asking: Asking) -> float:
    """How long an address of an approval works that was just begun."""
    answer = asking.begin({})
    if answer.status != 200:
        raise NotToldError(f"an approval can't be begun ({answer.status}): is the callback address white-listed?")
    until = datetime.fromisoformat(answer.json()["ValidUntilDateTimeOffset"])
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return round((until - (answer.date or asking.now)).total_seconds() / 60, 1)


def body_keys(asking: Asking) -> str:
    if asking.begin({}).status != 200:
        raise NotToldError("an approval can't be begun: is the callback address white-listed?")
    return "any case" if asking.begin(CAMEL).status == 200 else "exact"


def bare_refusals(asking: Asking) -> bool:
    """What a refusal looks like, at a list that this company has not opened to us."""
    for path in _closed(asking):
        answer = asking.get(path, **ONE)
        if answer.status == 403:
            return not answer.body
    raise NotToldError("the company opens everything that was tried")


def no_lines(asking: Asking) -> str:
    """Imported invoices were never sent and have no lines (contract 12.6)."""
    rows = asking.rows("/OutgoingInvoices", Fields=INVOICE_FIELDS)
    ids = [row["Id"] for row in rows if not row.get("SentDateTimeOffset")][-MOST_INVOICES:]
    for one in ids:
        answer = asking.get(f"/OutgoingInvoices/{one}/Lines")
        if answer.status in (204, 404):
            return str(answer.status)
    raise NotToldError("no invoice without lines was found")


def retry_after(asking: Asking) -> bool:
    """More in one second than is allowed, once. Goes around our own limiter, which would never let it happen."""
    asking.room_for(BURST)
    headers = asking.headers()
    with httpx2.Client(headers=headers, timeout=10, trust_env=False) as client:
        found = [client.get(asking.address("/ClientIntegrationInformation")) for _ in range(BURST)]
    asking.count(BURST)
    refused = next((answer for answer in found if answer.status_code == 429), None)
    if refused is None:
        raise NotToldError(f"{BURST} requests in a row were not too many")
    return "Retry-After" in refused.headers


def _closed(asking: Asking) -> list[str]:
    (told,) = asking.rows("/ClientIntegrationInformation")
    valid = {name.removesuffix("_Full") for name in told.get("ValidPrivileges") or ()}
    simple = [e for e in ENDPOINTS if e.paged and not e.span.value and "{" not in e.path]
    closed = [endpoint.path for endpoint in simple if not valid & set(endpoint.privileges)]
    return [*closed[:2], "/ClientAdmin/Clients"]  # only accounting firms' own keys open the last (contract 3.7)


def _refusal(answer: Answer, *, else_: str) -> str:
    return else_ if answer.status in (200, 204) else str(answer.status)


def _ids(answer: Answer) -> tuple[str, ...]:
    return tuple(str(row["Id"]) for row in answer.json()) if answer.status == 200 else ()
