from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.portal.approvals.books import NORDLYS
from tieout.portal.approvals import actions
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink, LinkState
from tieout.portal.approvals.tokens import hashed
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Happening, Workspace


def state_of(fresh: FreshLink) -> LinkState:
    return ApprovalLink.objects.get(pk=fresh.link.pk).state(timezone.now())


def test_only_the_hash_of_a_token_is_stored(fresh: FreshLink) -> None:
    stored = str(ApprovalLink.objects.values().get(pk=fresh.link.pk))
    assert fresh.token not in stored
    assert hashed(fresh.token) in stored
    assert fresh.token not in repr(fresh)


def test_a_link_is_valid_for_seven_days_unless_told_otherwise(fresh: FreshLink) -> None:
    assert fresh.link.expires_at - fresh.link.made_at == timedelta(days=7)
    assert fresh.link.state(fresh.link.expires_at - timedelta(seconds=1)) is LinkState.OPEN
    assert fresh.link.state(fresh.link.expires_at) is LinkState.EXPIRED


@pytest.mark.parametrize("span", [timedelta(minutes=59), timedelta(days=30, seconds=1)])
def test_a_validity_out_of_bounds_is_refused(
    workspace: Workspace, administrator: Person, system: object, span: timedelta
) -> None:
    with pytest.raises(ValueError, match="one hour to thirty days"):
        actions.make_link(workspace, connector="books", by=administrator, valid_for=span)


def test_resend_makes_a_new_link_and_ends_the_old(workspace: Workspace, administrator: Person, system: object) -> None:
    old = actions.make_link(
        workspace, connector="books", by=administrator, organisation_number=NORDLYS, note="For the report.",
        valid_for=timedelta(days=1),
    )  # fmt: skip
    new = actions.replace_link(old.link, by=administrator)
    assert state_of(old) is LinkState.REVOKED
    assert state_of(new) is LinkState.OPEN
    assert new.token != old.token
    assert (new.link.note, new.link.organisation_number) == ("For the report.", NORDLYS)
    assert new.link.expires_at - new.link.made_at == timedelta(days=1)


def test_a_used_link_can_be_neither_resent_nor_revoked(fresh: FreshLink, administrator: Person) -> None:
    ApprovalLink.objects.filter(pk=fresh.link.pk).update(used_at=timezone.now())
    fresh.link.refresh_from_db()
    with pytest.raises(ValueError, match="can't be sent again"):
        actions.replace_link(fresh.link, by=administrator)
    actions.revoke_link(fresh.link, by=administrator)
    assert state_of(fresh) is LinkState.USED


def test_a_report_revokes_and_tells_the_administrators_once(
    fresh: FreshLink, owner: Person, administrator: Person
) -> None:
    actions.report_link(fresh.link)
    actions.report_link(fresh.link)
    assert state_of(fresh) is LinkState.REVOKED
    assert sorted(message.to[0] for message in mail.outbox) == ["administrator@example.com", "owner@example.com"]
    assert Happening.objects.filter(kind="link_reported").count() == 1


def test_asking_for_a_new_link_tells_the_administrators_once_an_hour(fresh: FreshLink) -> None:
    actions.ask_anew(fresh.link)
    fresh.link.refresh_from_db()
    actions.ask_anew(fresh.link)
    assert len(mail.outbox) == 1
    assert fresh.token not in mail.outbox[0].body


def test_an_e_mailed_link_says_who_asks_and_answers_go_to_them(
    workspace: Workspace, administrator: Person, system: object
) -> None:
    fresh = actions.make_link(
        workspace, connector="books", by=administrator, organisation_number=NORDLYS, note="For <b>October</b>"
    )
    actions.send_link(fresh, to="accountant@example.com", by=administrator)
    (message,) = mail.outbox
    assert message.to == ["accountant@example.com"]
    assert message.reply_to == ["administrator@example.com"]
    assert message.subject == "Fixture Accounting asks you to approve read access to Fixture Books for 923 609 016"
    assert f"http://127.0.0.1:8000/approve/{fresh.token}/" in message.body
    html = str(message.alternatives[0][0])
    assert "&lt;b&gt;October" in html
    assert "books.example" not in html + message.body
    assert ApprovalLink.objects.get(pk=fresh.link.pk).sent_at
