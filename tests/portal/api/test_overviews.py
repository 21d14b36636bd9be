"""The API over several companies: the close board, the shared limit, the installation, an accounting firm's clients."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from tests.portal.api.conftest import Program
from tests.portal.approvals.books import Client, System
from tests.portal.partners.test_connecting import FIRM, NUMBERS, FirmsBooks
from tests.portal.proofs.test_board import company
from tests.portal.usage.test_views import Limited
from tests.portal.usage.test_views import limited as limited
from tieout.connectors.base import Claim, Priority
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

KEY = {"client_key": "key-of-Fixture Accounting Firm AS-1"}


def test_the_close_board_is_worst_first_and_whole(reader_program: Program, workspace: Workspace) -> None:
    company(workspace, "Ready AS", 1, facts={"locked_to": "2099-11-30"})
    company(workspace, "Differing AS", 2, verdict="not_proved")
    company(workspace, "Unlocked AS", 3)
    found = reader_program.get("close-board?month=2026-11")
    assert [one["readiness"] for one in found["items"]][:1] == ["needs_you"]
    assert (found["month"], found["needs_you"]) == ("2026-11", 1)
    assert len(found["items"]) == 3
    assert found["items"][0]["checks"]["ledger"] == {"outcome": "agrees", "compared": 214, "differing": 0}
    assert [one["name"] for one in reader_program.get("close-board?q=ready")["items"]] == ["Ready AS"]
    for month in ("1066-10", "2026-13"):
        assert reader_program.get(f"close-board?month={month}", status=422)["errors"][0]["field"] == "month"


def test_requests_are_told_by_data_source(
    administrator_program: Program, reader_program: Program, limited: Limited, source: Source
) -> None:
    limited.use(Claim(str(source.pk), Priority.PERSON), times=3)
    limited.use(Claim("somebody-else", Priority.FRESH), times=2)
    reader_program.get("requests", status=403)
    (system,) = administrator_program.get("requests")["items"]
    assert (system["hour"], system["day"], system["refused"]) == (5, 5, 0)
    assert [(one["source"], one["day"]) for one in system["by_source"]] == [(str(source.pk), 3), (None, 2)]
    assert sum(one["requests"] for one in system["by_hour"]) == 5


def test_the_doctor_is_for_owners(owner_program: Program, administrator_program: Program) -> None:
    administrator_program.get("installation", status=403)
    found = owner_program.get("installation")["items"]
    assert "well" in {one["state"] for one in found}
    assert all(one["subject"] and one["found"] for one in found)


@pytest.fixture
def books(settings: Settings) -> FirmsBooks:
    settings.APPROVAL_PATIENCE = None
    made = FirmsBooks(System())
    settings.CONNECTORS = {"books": made}
    made.system.add("Fixture Accounting Firm AS", FIRM)
    return made


@pytest.fixture
def clients(books: FirmsBooks) -> list[Client]:
    return [books.system.add(f"Fixture Client {number}", number) for number in NUMBERS[:5]]


def test_a_firms_clients_are_listed_and_connected_with_one_yes(
    owner_program: Program, administrator_program: Program, clients: list[Client]
) -> None:
    administrator_program.put("firm/books", KEY, status=403)
    assert owner_program.put("firm/books", {"client_key": "x"}, status=409)["who_must_act"] == "company"
    owner_program.get("firm/books", status=404)
    firm = owner_program.put("firm/books", KEY)
    assert (firm["name"], firm["may_add"]) == ("Fixture Accounting Firm AS", True)
    assert KEY["client_key"] not in str(firm)
    listed = administrator_program.get("firm/books/clients")["items"]
    assert {one["state"] for one in listed} == {"listed"}
    first = administrator_program.get("firm/books/clients?limit=2")
    two = [one["client"] for one in first["items"]]
    assert administrator_program.post("firm/books/clients/connect", {"clients": two}, status=202) == {"clients": 2}
    rest = administrator_program.get(f"firm/books/clients?cursor={first['next']}")["items"]
    assert [*two, *(one["client"] for one in rest)] == [one["client"] for one in listed]  # though two have moved
    administrator_program.get("firm/books/clients?cursor=WyJ4Il0", status=422)
    connected = administrator_program.get("firm/books/clients?state=connected")["items"]
    assert sorted(one["client"] for one in connected) == sorted(two)
    assert {one["source"] for one in connected} == set(map(str, Source.objects.values_list("pk", flat=True)))
    again = administrator_program.post("firm/books/clients/connect", {"clients": two}, status=409)
    assert again["type"].endswith(":nothing-to-connect")
    wrong = administrator_program.post("firm/books/clients/connect", {"clients": [0]}, status=422)
    assert wrong["errors"][0]["field"] == "clients"
    assert administrator_program.post("firm/books/clients/list", status=200) == {"clients": 5}
    owner_program.delete("firm/books")
    owner_program.get("firm/books", status=404)
    assert Source.objects.count() == 2


def test_a_firm_that_may_add_nobody_asks_by_a_link(
    owner_program: Program, books: FirmsBooks, clients: list[Client], mailoutbox: list[Any]
) -> None:
    books.privileges = ("ClientAdmin",)
    owner_program.put("firm/books", KEY)
    refused = owner_program.post("firm/books/clients/connect", {"all": True}, status=409)
    assert refused["type"].endswith(":may-not-add")
    link = owner_program.post("firm/books/clients/link", {"all": True})
    assert sorted(link["companies_left"]) == sorted(NUMBERS[:5])
    assert link["address"].startswith("http")
    nobody = owner_program.post(f"links/{link['link']}/replace", {"send": True}, status=409)
    assert nobody["type"].endswith(":nobody-to-send-to")
    assert not ApprovalLink.objects.get().revoked_at


def test_a_link_is_made_anew_and_sent_again(owner_program: Program, books: FirmsBooks, mailoutbox: list[Any]) -> None:
    wish = {"connector": "books", "recipient_email": "approver@example.com", "send": True}
    made = owner_program.post("links", wish)
    anew = owner_program.post(f"links/{made['link']}/replace", {"send": True})
    assert [one.to for one in mailoutbox] == [["approver@example.com"]] * 2
    assert anew["address"] in mailoutbox[1].body
    assert owner_program.get(f"links/{made['link']}")["state"] == "revoked"
    owner_program.post(f"links/{anew['link']}/replace")
    assert len(mailoutbox) == 2
