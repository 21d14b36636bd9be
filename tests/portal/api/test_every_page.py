"""Everything a page can do: docs/reference/pages-and-requests.md, held against the addresses and operations there are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attacks.addresses import every
from tieout.portal.api.interface import api

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "pages-and-requests.md"
ROW = re.compile(r"^\| (?P<title>[^|]*)\| `(?P<address>[^`]+)` \| (?P<told>[^|]+) \|$")
REQUEST = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^` ]+)`")
PROGRAMS = ("api/", "odata/", "accounts/")
ABOUT_PROGRAMS = {"/me", "/status"}  # what no page shows: whose token it is, and everything at once for a monitor


def rows() -> dict[str, str]:
    """What the table says, by address."""
    found = [match for line in PAGE.read_text(encoding="utf-8").splitlines() if (match := ROW.match(line))]
    assert len({one["address"] for one in found}) == len(found)
    return {one["address"]: one["told"] for one in found}


def operations() -> set[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return {(method.upper(), path.removeprefix("/api/v1")) for path, those in paths.items() for method in those}


def test_every_address_is_in_the_table_and_no_other() -> None:
    pages = {one.pattern for one in every() if one.pattern and not one.pattern.startswith(PROGRAMS)}
    assert pages == rows().keys()


def test_every_page_has_a_request_or_a_reason() -> None:
    there = operations()
    for address, told in rows().items():
        named = set(REQUEST.findall(told))
        assert named <= there, address
        assert named or len(told.removeprefix("no: ")) > 20, address
        assert told.startswith("no: ") or named, address


def test_every_request_is_of_some_page() -> None:
    named = {request for told in rows().values() for request in REQUEST.findall(told)}
    left = {(method, path) for method, path in operations() - named if path not in ABOUT_PROGRAMS}
    assert left == {
        # One of a list that a page shows whole.
        ("GET", "/saved-queries/{saved_query_id}"),
        ("GET", "/sources/{source_id}/stamps/{stamp_id}"),
        ("GET", "/sources/{source_id}/tie-outs/{sync_id}"),
    }
