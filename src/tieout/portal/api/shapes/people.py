"""People, invitations, groups, and whose token it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked, Day, Id, RoleName


class Person(Schema):
    """A member of the workspace. `companies` and `groups` are null for who looks after all.

    `until` is the last day of access; null: no end.
    """

    person: int
    name: str
    email: str
    role: RoleName
    is_active: bool
    until: date | None
    companies: list[UUID] | None
    groups: list[int] | None


class People(Page[Person]):
    pass


class PersonChange(Asked):
    """What is left out stays. `companies` and `groups` belong together; `all_companies` lifts the limit.

    `until`: the last day of access, in the installation's zone; null: no end.
    """

    role: RoleName | None = None
    until: Day | None = None
    all_companies: StrictBool | None = None
    companies: list[Id] | None = Field(None, max_length=5_000)
    groups: list[StrictInt] | None = Field(None, max_length=500)


class Left(Schema):
    """What hangs on somebody who goes, to be taken over: ids of companies that the person is responsible for, and so on.

    `told_of`: ids of the companies of whose incidents the person was chosen to be told; null among them: of all.
    """

    companies: list[UUID]
    links: list[UUID]
    told_of: list[UUID | None]
    webhooks: list[UUID]


class Deactivated(Person):
    left: Left


class Workspace(Schema):
    """What holds for everybody of the workspace; `without_factor` are those that `requires_second_factor` keeps out."""

    name: str
    requires_second_factor: bool
    without_factor: list[int]


class WorkspaceChange(Asked):
    requires_second_factor: StrictBool


class Token(Schema):
    """A token of the person's own. `begins`: its first letters; the rest is told by the page that makes it, and nowhere again.

    `companies` null: all that the person sees.
    """

    token: UUID
    name: str
    begins: str
    scope: Literal["read", "manage"]
    companies: list[UUID] | None
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_live: bool


class Tokens(Page[Token]):
    pass


class Invitation(Schema):
    """`address` is in the answer that made it, and nowhere again."""

    invitation: int
    email: str
    role: RoleName
    is_limited: bool
    until: date | None
    made_at: datetime
    expires_at: datetime
    is_sent: bool | None = None
    address: str | None = None


class Invitations(Page[Invitation]):
    pass


class NewInvitation(Asked):
    """Without companies and groups: all of the workspace, also those that come later."""

    email: StrictStr = Field(min_length=3, max_length=254)
    role: RoleName = "reader"
    until: date | None = None
    companies: list[Id] = Field([], max_length=5_000)
    groups: list[StrictInt] = Field([], max_length=500)


class Group(Schema):
    group: int
    name: str
    companies: list[UUID]


class Groups(Page[Group]):
    pass


class NewGroup(Asked):
    name: StrictStr = Field(min_length=1, max_length=80)
    companies: list[Id] = Field([], max_length=5_000)


class GroupChange(Asked):
    """What is left out stays."""

    name: StrictStr | None = Field(None, min_length=1, max_length=80)
    companies: list[Id] | None = Field(None, max_length=5_000)


class Me(Schema):
    """Whose token this is, and what it may."""

    token: str
    scope: Literal["read", "manage"]
    expires_at: datetime
    person: int
    email: str
    role: RoleName
    workspace: str
    companies: list[UUID] | None
