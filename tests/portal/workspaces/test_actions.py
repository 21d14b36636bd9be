"""Workspaces: their names and files, roles, what is told."""

from __future__ import annotations

import re

import pytest

from tests.portal.conftest import make_source
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import create_workspace, give_role, tell
from tieout.portal.workspaces.models import Happening, Membership, Workspace
from tieout.portal.workspaces.queries import administrators_of, happenings_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Vestkant Økonomi", "vestkant-okonomi"),
        ("Ærlig & Årlig AS", "aerlig-arlig-as"),
        ("../../etc/passwd", "etc-passwd"),
        ("---", "workspace"),
        ("株式会社", "workspace"),
        ("x" * 90, "x" * 40),
    ],
)
def test_slug_is_safe_as_the_name_of_a_file(db: None, name: str, slug: str) -> None:
    made = create_workspace(name)
    assert made.slug == slug
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made.slug)


def test_names_that_look_alike_get_slugs_of_their_own(db: None) -> None:
    assert [create_workspace(name).slug for name in ("Øst", "Ost", "ost!")] == ["ost", "ost-2", "ost-3"]


@pytest.mark.parametrize("name", ["Fixture Accounting", "  Fixture   Accounting ", "", "   "])
def test_taken_and_empty_names_are_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match=r"already|needs a name"):
        create_workspace(name)


def test_person_has_one_role_in_a_workspace(reader: Person, workspace: Workspace) -> None:
    give_role(workspace, reader, "administrator")
    assert Membership.objects.get().role == "administrator"


def test_receipts_go_to_owners_and_administrators(
    owner: Person, administrator: Person, reader: Person, workspace: Workspace
) -> None:
    assert list(administrators_of(workspace)) == [administrator, owner]


def test_history_is_of_one_workspace_and_survives_the_source(
    source: Source, owner: Person, other_workspace: Workspace
) -> None:
    make_source(other_workspace)
    tell(source.workspace, "link_made", person=owner, source=source, recipient="fixture@example.com")
    kinds = [one.kind for one in happenings_of(source.workspace, source_id=source.pk)]
    assert kinds == ["link_made", "source_created"]
    source.delete()
    assert happenings_of(source.workspace).count() == 2
    assert Happening.objects.count() == 3
