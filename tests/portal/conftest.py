"""A portal for tests: a home of its own, a workspace, people of each role and their signed-in browsers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tieout.connectors.base import Company, Secret
from tieout.portal.encryption import make_key_file
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import create_source
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.actions import create_workspace, give_role
from tieout.portal.workspaces.models import Role, Workspace

PASSWORD = "a fixture's long password"
HOST = "127.0.0.1:8000"


class StubConnector:
    """The declarations that pages read. No page opens a company's books."""

    name = "toy"
    title = "Toy Books"
    streams: tuple[Any, ...] = ()

    def where_to_end(self) -> str:
        return "In Toy Books, under Settings, Extensions."


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """An installation of its own: folder, key file, connectors, fast passwords, nothing left open or counted by others."""
    folder = tmp_path / "home"
    settings.TIEOUT = replace(settings.TIEOUT, home=folder, secret_key_file=folder / "secret.key", disk_percent=101)
    settings.PUBLIC_URL = f"http://{HOST}"
    settings.CONNECTORS = {"toy": StubConnector()}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    make_key_file(folder / "secret.key")
    cache.clear()
    yield folder
    warehouses.close_all()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return create_workspace("Fixture Accounting")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    return create_workspace("Another Workspace")


def _person(workspace: Workspace, role: Role) -> Person:
    person = Person.objects.create_person(f"{role.value}@example.com", PASSWORD, name=f"Test {role.label}")
    give_role(workspace, person, role)
    return person


@pytest.fixture
def owner(workspace: Workspace) -> Person:
    return _person(workspace, Role.OWNER)


@pytest.fixture
def administrator(workspace: Workspace) -> Person:
    return _person(workspace, Role.ADMINISTRATOR)


@pytest.fixture
def reader(workspace: Workspace) -> Person:
    return _person(workspace, Role.READER)


def browser_of(person: Person | None = None, **options: Any) -> Client:
    """A browser on the public address, signed in if a person is given."""
    browser = Client(HTTP_HOST=HOST, **options)
    if person:
        browser.force_login(person)
    return browser


@pytest.fixture
def outsider() -> Client:
    return browser_of()


@pytest.fixture
def owner_browser(owner: Person) -> Client:
    return browser_of(owner)


@pytest.fixture
def administrator_browser(administrator: Person) -> Client:
    return browser_of(administrator)


@pytest.fixture
def reader_browser(reader: Person) -> Client:
    return browser_of(reader)


def company(name: str = "Fixture Trading AS", number: str = "910000004", **more: Any) -> Company:
    return Company(name=name, organisation_number=number, **more)


def make_source(
    workspace: Workspace, name: str = "Fixture Trading AS", number: str = "910000004", **fields: Any
) -> Source:
    """A data source as `create_source` makes it, with fields of its summary set."""
    source = create_source(
        workspace,
        connector="toy",
        company=company(name, number),
        client_key=Secret(f"key-of-{number}"),
        approver_email="approver@example.com",
        by=None,
    )
    for field, value in fields.items():
        setattr(source, field, value)
    source.save()
    return source


@pytest.fixture
def source(workspace: Workspace) -> Source:
    """A healthy data source: approved, fresh and proved."""
    now = datetime.now(UTC)
    return make_source(
        workspace, first_sync_done_at=now, last_complete_at=now, verdict="proved", verdict_as_of=now, rows_total=1284
    )
