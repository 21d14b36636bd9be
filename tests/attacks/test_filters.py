"""SQL in everything that a person or program may filter, sort or choose by: found as a text, or refused; never run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.portal.conftest import HOST
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.feeds.actions import make_token
from tieout.portal.people.models import Person
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace

INJECTED = [
    "'; drop table raw_poweroffice.account_transactions; --",
    "' or '1'='1",
    "1) union select 1, client_key from sources_credentials --",
    "\"; attach 'app.db' as a; --",
    "x' union all select * from read_text('/etc/passwd') --",
    "(select max(secret) from duckdb_secrets())",
    "\\'; select 1; --",
    "$$; select 1; $$",
    "%' or true --",
    "\x00",
    "1e999999",
    "ﾂ\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
]
PAGES = [
    (
        "/data/core/postings/",
        ["f.description", "f.amount", "f.posting_date", "f.voucher_no", "sort", "source", "as_of", "page", "down"],
    ),
    ("/data/raw_poweroffice/account_transactions/", ["f.description", "f.id", "sort", "source", "as_of"]),
    ("/data/core/postings/file.csv", ["f.description", "f.amount", "sort", "source"]),
    (
        "/reports/trial-balance/",
        ["of", "company", "month", "year", "part", "with", "page", "account", "dimension", "as_of"],
    ),
    ("/reports/receivables/", ["q", "company", "customer"]),
    ("/reports/income-statement/", ["layout", "compare", "company", "q"]),
    ("/reports/open-items/", ["ledger", "party", "age", "at", "company", "page", "as_of"]),
    (
        "/reports/postings/",
        [
            "company",
            "account",
            "line",
            "layout",
            "statement",
            "restart",
            "vat",
            "vat_code",
            "by",
            "tag",
            "number",
            "other",
            "until",
            "page",
        ],
    ),
    ("/sources/", ["q", "search", "show", "sort", "group", "page", "mine", "state"]),
    ("/close/", ["month", "of", "group", "mine"]),
    ("/alerts/", ["kind", "source", "page", "state"]),
    ("/audit/", ["kind", "person", "source", "since", "until", "page", "q", "before"]),
    ("/approval-links/", ["state"]),
    ("/requests/", ["hours", "page"]),
]
SOURCE_PAGES = [
    ("vouchers/", ["q", "search", "number", "since", "until", "account", "page", "type"]),
    ("vouchers/1/", ["as_of", "version"]),
    ("history/", ["show", "page"]),
    ("proof/", ["day", "page", "month", "year"]),
    ("stamps/", ["page", "on"]),
]
ODATA = [
    "description eq '{}'",
    "contains(description, '{}')",
    "{} eq 1",
    "description in ('{}')",
    "concat(description, '{}') eq 'x'",
    "{}",
]


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(1, date(2026, 1, 5), (1920, "10"), (3000, "-10"), Description="O'Neil % _ \\")
    made.sync()
    return made


def rows(books: MovingBooks) -> list[tuple[Any, ...]]:
    return books.all("select * from raw_poweroffice.account_transactions order by all")


def questions(books: MovingBooks) -> Iterator[str]:
    own = [(f"/sources/{books.source.pk}/{path}", fields) for path, fields in SOURCE_PAGES]
    for path, fields in PAGES + own:
        for text in INJECTED:
            yield f"{path}?{urlencode(dict.fromkeys(fields, text))}"
        for field in fields:
            yield f"{path}?{urlencode({field: INJECTED[0]})}"
        yield f"{path}?{urlencode({f'f.{INJECTED[0]}': 'x'})}"


@pytest.mark.django_db(transaction=True)
def test_no_page_runs_what_is_in_its_address(owner_browser: Client, books: MovingBooks) -> None:
    before = rows(books)
    owner_browser.raise_request_exception = False
    tried = 0
    for address in questions(books):
        answer = owner_browser.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code in (200, 302, 400, 404, 422), (address, answer.status_code)
        assert b"root:x:" not in body, address
        tried += 1
    assert tried > 150
    assert rows(books) == before


@pytest.mark.django_db(transaction=True)
def test_no_feed_runs_what_is_in_its_address(books: MovingBooks, workspace: Workspace, owner: Person) -> None:
    before = rows(books)
    _, secret = make_token(workspace, owner, name="Fixture", days=1)
    program = Client(headers={"host": HOST, "authorization": f"Bearer {secret}"}, raise_request_exception=False)
    root = f"/odata/v4/{workspace.slug}/core_postings"
    for text in INJECTED:
        asked = [{"$filter": form.format(text)} for form in ODATA]
        asked += [{name: text} for name in ("$orderby", "$select", "$top", "$skip", "$count", "$skiptoken", "$format")]
        for options in asked:
            answer = program.get(root, options)
            assert answer.status_code in (200, 400, 404, 410, 501), (options, answer.status_code)
            assert b"root:x:" not in answer.content
    assert rows(books) == before


@pytest.mark.django_db(transaction=True)
def test_a_quote_is_a_letter_like_others(owner_browser: Client, books: MovingBooks) -> None:
    for wanted in ("O'Neil", "% _ \\", "=O'Neil % _ \\"):
        page = owner_browser.get("/data/core/postings/", {"f.description": wanted}).content.decode()
        assert "O&#x27;Neil" in page, wanted
    with warehouses.opened(books.source.workspace) as warehouse, warehouse.connection() as connection:
        assert connection.execute("select count(*) from core.postings").fetchone() == (2,)
