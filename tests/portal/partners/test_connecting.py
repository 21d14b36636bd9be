"""A firm's clients, connected with one yes: whole, resumed after a kill at every step, refused where they must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from tests.portal.approvals.books import Books, Client, Reader, System
from tests.portal.approvals.conftest import approve
from tests.portal.conftest import browser_of
from tieout.connectors.base import Company, FirmsClient, OnboardedCompany, Secret
from tieout.connectors.errors import ConnectorError, NeedsCompanyError, NotPermittedError, TryLaterError
from tieout.ledger.organisation_number import is_valid
from tieout.portal.alerts.news import news
from tieout.portal.approvals.actions import check_candidates
from tieout.portal.approvals.models import ApprovalLink, Candidate, CandidateState, LinkState
from tieout.portal.approvals.onboarding import wish_of
from tieout.portal.partners import actions, connecting
from tieout.portal.partners.models import ClientState, FirmAccess, FirmsCompany
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync
from tieout.portal.workspaces.actions import limit_to
from tieout.portal.workspaces.models import Membership, Workspace

FIRM = "810034882"
NUMBERS = [number for number in (str(n) for n in range(910_000_000, 910_001_000)) if is_valid(number)]
LATER = timedelta(hours=2)


@dataclass
class FirmsReader(Reader):
    """One company's books; the firm's own say what it may do."""

    privileges: tuple[str, ...]

    def company(self) -> Company:
        told = super().company()
        return replace(told, valid_privileges=self.privileges) if told.organisation_number == FIRM else told


class FirmsBooks(Books):
    """The fixture's system, in which one company is an accounting firm and all others are its clients."""

    privileges: tuple[str, ...] = ("ClientAdmin", "ClientAdmin_Full")

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self.added: list[str] = []
        self.says: dict[str, str] = {}  # another number than the client's

    def open(self, key: Secret, **more: Any) -> Reader:
        return FirmsReader(self.system, key, self.privileges)

    def partner(self, key: Secret, *, hurried: bool = False) -> Any:
        return self

    def may_list(self, privileges: tuple[str, ...]) -> bool:
        return "ClientAdmin" in privileges

    def may_add(self, privileges: tuple[str, ...]) -> bool:
        return "ClientAdmin_Full" in privileges

    def close(self) -> None: ...

    def clients(self) -> list[FirmsClient]:
        others = [one for one in self.system.clients if one.number != FIRM]
        return [
            FirmsClient(id=one.client_id, name=one.name, organisation_number=one.number, is_active=True)
            for one in others
        ]

    def add(self, client: FirmsClient) -> OnboardedCompany:
        self.system.happen("add")
        found = next(one for one in self.system.clients if one.client_id == client.id)
        self.added.append(found.number)
        number = self.says.get(found.number, found.number)
        return OnboardedCompany(name=found.name, organisation_number=number, client_key=Secret(found.key))


class Power(BaseException):
    """The power goes."""


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def books(system: System, settings: Any) -> FirmsBooks:
    settings.APPROVAL_PATIENCE = None  # a test's transaction belongs to its thread
    books = FirmsBooks(system)
    settings.CONNECTORS = {"books": books}
    system.add("Fixture Accounting Firm AS", FIRM)
    return books


@pytest.fixture
def clients(system: System) -> list[Client]:
    return [system.add(f"Fixture Client {number}", number) for number in NUMBERS[:5]]


@pytest.fixture
def access(workspace: Workspace, owner: Person, books: FirmsBooks, clients: list[Client]) -> FirmAccess:
    made = actions.set_key(workspace, "books", Secret("key-of-Fixture Accounting Firm AS-1"), by=owner)
    actions.list_anew(made)
    return made


def want_all(access: FirmAccess, by: Person) -> int:
    return actions.want(access, list(access.companies.all()), by=by, now=timezone.now())


def states(access: FirmAccess) -> set[str]:
    return set(access.companies.values_list("state", flat=True))


def test_the_chosen_ones_are_connected_and_each_asks_for_its_first_sync_once(
    access: FirmAccess, owner: Person, clients: list[Client], mailoutbox: list[Any]
) -> None:
    assert want_all(access, owner) == 5
    connecting.go_on()
    assert states(access) == {ClientState.CONNECTED}
    assert Source.objects.count() == 5
    assert [one.reason for one in Sync.objects.all()] == ["first"] * 5
    assert client_key(Source.objects.get(organisation_number=NUMBERS[0])).reveal() == clients[0].key
    assert not Candidate.objects.exclude(client_key="").exists()
    assert mailoutbox == []  # one receipt a company would be five
    assert want_all(access, owner) == 0
    connecting.go_on()
    assert Sync.objects.count() == 5


def test_no_news_is_sent_for_each_of_hundreds_of_first_syncs(access: FirmAccess, owner: Person) -> None:
    want_all(access, owner)
    connecting.go_on()
    now = timezone.now()
    Source.objects.update(first_sync_done_at=now)
    assert list(news(now=now)) == []
    Candidate.objects.filter(source__organisation_number__in=NUMBERS[:2]).delete()  # three are few
    assert len(list(news(now=now))) == 5


STEPS = ("added", "key kept", "proved", "swapped", "sync requested", "settled")


@pytest.mark.parametrize("at", STEPS)
def test_killed_at_any_step_the_rest_is_connected_and_nothing_twice(
    access: FirmAccess, owner: Person, books: FirmsBooks, at: str
) -> None:
    want_all(access, owner)
    seen: list[str] = []

    def power_goes(step: str) -> None:
        seen.append(step)
        if step == at and seen.count(at) == 2:  # in the middle of the second company
            raise Power

    with pytest.raises(Power):
        connecting.go_on(step=power_goes)
    connecting.go_on()
    check_candidates(timezone.now() + LATER)
    connecting.go_on()
    assert states(access) == {ClientState.CONNECTED}
    assert Source.objects.count() == Sync.objects.count() == 5
    assert not Candidate.objects.exclude(client_key="").exists()
    assert len(books.added) == (6 if at == "added" else 5)  # only a key that was not kept is asked for again


def test_a_key_that_comes_for_another_company_is_not_kept(access: FirmAccess, owner: Person, books: FirmsBooks) -> None:
    books.says[NUMBERS[1]] = NUMBERS[7]
    want_all(access, owner)
    connecting.go_on()
    refused = FirmsCompany.objects.get(state=ClientState.REFUSED)
    assert refused.organisation_number == NUMBERS[1]
    assert "not kept" in refused.message
    assert Source.objects.count() == 4
    assert not Candidate.objects.exclude(state=CandidateState.TAKEN).exists()


def test_a_key_that_opens_other_books_is_refused(access: FirmAccess, owner: Person, clients: list[Client]) -> None:
    clients[1].key = clients[0].key  # what the system gives for the second opens the first one's books
    want_all(access, owner)
    connecting.go_on()
    assert FirmsCompany.objects.get(state=ClientState.REFUSED).organisation_number == NUMBERS[1]
    assert Source.objects.count() == 4


def test_a_client_that_the_system_refuses_stops_no_other(access: FirmAccess, owner: Person, system: System) -> None:
    system.faults["add"] = [NeedsCompanyError("It is there already.")]
    want_all(access, owner)
    connecting.go_on()
    assert FirmsCompany.objects.get(state=ClientState.REFUSED).message == "It is there already."
    assert Source.objects.count() == 4


@pytest.mark.parametrize("error", [TryLaterError("busy"), NotPermittedError("no", reason="no")])
def test_what_stops_the_firm_stops_all_and_is_tried_again(
    access: FirmAccess, owner: Person, system: System, error: ConnectorError
) -> None:
    system.faults["add"] = [error]
    want_all(access, owner)
    connecting.go_on()
    access.refresh_from_db()
    assert access.trouble == str(error)
    assert not Source.objects.exists()
    FirmsCompany.objects.update(next_try_at=timezone.now())
    connecting.go_on()
    access.refresh_from_db()
    assert access.trouble == ""
    assert states(access) == {ClientState.CONNECTED}


def test_a_company_that_is_connected_already_is_not_added_again(
    access: FirmAccess, owner: Person, books: FirmsBooks
) -> None:
    want_all(access, owner)
    connecting.go_on()
    before = len(books.added)
    FirmsCompany.objects.filter(organisation_number=NUMBERS[0]).update(
        state=ClientState.WANTED, next_try_at=timezone.now()
    )
    connecting.go_on()
    assert states(access) == {ClientState.CONNECTED}
    assert len(books.added) == before


def test_a_client_without_a_valid_number_is_refused(access: FirmAccess, owner: Person, books: FirmsBooks) -> None:
    FirmsCompany.objects.filter(organisation_number=NUMBERS[0]).update(organisation_number="")
    want_all(access, owner)
    connecting.go_on()
    assert FirmsCompany.objects.get(state=ClientState.REFUSED).client_id.endswith(NUMBERS[0])
    assert NUMBERS[0] not in books.added


def test_a_key_of_an_ordinary_company_is_no_firms(workspace: Workspace, owner: Person, books: FirmsBooks) -> None:
    books.privileges = ("AccountTransaction",)
    with pytest.raises(actions.NoFirmError):
        actions.set_key(workspace, "books", Secret("key-of-Fixture Accounting Firm AS-1"), by=owner)
    assert not FirmAccess.objects.exists()


def test_where_the_firm_may_not_add_one_link_asks_for_all(
    access: FirmAccess, owner_browser: Browser, system: System, clients: list[Client]
) -> None:
    FirmAccess.objects.update(may_add=False)
    page = owner_browser.post("/firm/books/connect/", {"all": "1", "q": "", "state": ""}, follow=True)
    link = ApprovalLink.objects.get()
    assert {one["number"] for one in link.companies} == set(NUMBERS[:5])
    assert "5 of 5 companies are left" in page.content.decode()
    approve(wish_of(link), system, *clients)
    assert Source.objects.count() == 5
    assert ApprovalLink.objects.get().state(timezone.now()) == LinkState.USED


def test_the_page_lists_connects_and_shows_what_became_of_them(
    access: FirmAccess, owner_browser: Browser, books: FirmsBooks
) -> None:
    page = owner_browser.get("/firm/books/").content.decode()
    assert f"Fixture Client {NUMBERS[0]}" in page
    ticked = [str(one.pk) for one in access.companies.all()[:2]]
    page = owner_browser.post("/firm/books/connect/", {"company": ticked}, follow=True).content.decode()
    assert "2 companies are being connected" in page
    assert Source.objects.count() == 2
    assert "3" in owner_browser.get("/firm/books/?state=listed").content.decode()
    owner_browser.post("/firm/books/end/")
    assert not FirmAccess.objects.exists()
    assert Source.objects.count() == 2


def test_without_a_firms_key_the_page_is_off_and_sets_one(
    workspace: Workspace, books: FirmsBooks, clients: list[Client], owner_browser: Browser, administrator: Person
) -> None:
    assert "own key" in owner_browser.get("/firm/books/").content.decode()
    given = {"client_key": "key-of-Fixture Accounting Firm AS-1"}
    assert browser_of(administrator).post("/firm/books/key/", given).status_code == 403
    owner_browser.post("/firm/books/key/", given)
    assert FirmAccess.objects.get().companies.count() == 5
    assert given["client_key"] not in FirmAccess.objects.get().client_key
    assert "We are an accounting firm" in owner_browser.get("/sources/new/books/").content.decode()


@pytest.mark.parametrize("path", ["", "key/", "list/", "connect/", "end/"])
def test_who_is_limited_to_some_companies_meets_no_firm(
    access: FirmAccess, workspace: Workspace, owner: Person, administrator: Person, path: str
) -> None:
    limit_to(Membership.objects.get(person=administrator), [], by=owner)
    ask: Callable[[str], Any] = browser_of(administrator).post if path else browser_of(administrator).get
    assert ask(f"/firm/books/{path}").status_code == 403


def test_the_firm_of_another_workspace_is_not_there(
    access: FirmAccess, other_workspace: Workspace, owner: Person
) -> None:
    from tieout.portal.partners.queries import access_of

    assert access_of(other_workspace, "books") is None
