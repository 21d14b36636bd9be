"""Programs that call the API, each with a token of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.portal.conftest import HOST
from tieout.portal.feeds import limits
from tieout.portal.feeds.actions import make_token
from tieout.portal.feeds.models import Scope
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace


class Program:
    """Calls the API with a token; `problem` is what it was refused with."""

    def __init__(self, secret: str = "") -> None:
        told = {"authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(headers={"host": HOST} | told, raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        asked = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"/api/v1/{path}", **asked, headers=named)

    def get(self, path: str, *, status: int = 200, **headers: str) -> Any:
        return self._told(self.call("GET", path, **headers), status)

    def post(self, path: str, body: Any = None, *, status: int = 201, **headers: str) -> Any:
        return self._told(self.call("POST", path, body, **headers), status)

    def patch(self, path: str, body: Any, *, status: int = 200) -> Any:
        return self._told(self.call("PATCH", path, body), status)

    def put(self, path: str, body: Any, *, status: int = 200) -> Any:
        return self._told(self.call("PUT", path, body), status)

    def delete(self, path: str, *, status: int = 204) -> Any:
        return self._told(self.call("DELETE", path), status)

    def _told(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json"
        return json.loads(answer.content) if answer.content else None


def program_of(workspace: Workspace, person: Person, scope: str = Scope.MANAGE, **more: Any) -> Program:
    """A program with a new token of a person."""
    return Program(make_token(workspace, person, name="Fixture program", days=1, scope=scope, **more)[1])


@pytest.fixture(autouse=True)
def nothing_asked() -> Iterator[None]:
    limits._asked.clear()
    yield
    limits._asked.clear()


@pytest.fixture
def outsider_program() -> Program:
    return Program()


@pytest.fixture
def owner_program(workspace: Workspace, owner: Person) -> Program:
    return program_of(workspace, owner)


@pytest.fixture
def administrator_program(workspace: Workspace, administrator: Person) -> Program:
    return program_of(workspace, administrator)


@pytest.fixture
def reader_program(workspace: Workspace, reader: Person) -> Program:
    return program_of(workspace, reader)
