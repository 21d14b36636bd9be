"""The pages of webhooks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.webhooks.conftest import Receiver
from tieout.portal.people.models import Person
from tieout.portal.webhooks import actions
from tieout.portal.webhooks.models import CHOSEN, Endpoint, Form
from tieout.portal.workspaces.models import Workspace

ASKED = {"name": "Warehouse", "form": "signed", "types": ["sync.finished"]}


def test_secret_is_shown_once(administrator_browser: Client, receiver: Receiver) -> None:
    answer = administrator_browser.post(reverse("webhooks:list"), ASKED | {"url": receiver.url}, follow=True)
    assert "whsec_" in answer.content.decode()
    again = administrator_browser.get(answer.request["PATH_INFO"]).content.decode()
    assert "whsec_" not in again
    assert "s3cr3t" not in again


@pytest.mark.parametrize("url", ["http://books.example.com/", "https://10.0.0.7/#x", "nonsense"])
def test_address_where_webhooks_may_not_go_is_refused_beside_its_field(administrator_browser: Client, url: str) -> None:
    answer = administrator_browser.post(reverse("webhooks:list"), ASKED | {"url": url})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_webhook_is_tried_switched_and_removed(
    administrator_browser: Client, workspace: Workspace, administrator: Person, receiver: Receiver
) -> None:
    endpoint, secret = actions.make(
        workspace, name="Warehouse", url=receiver.url, form=Form.SIGNED, types=CHOSEN, by=administrator
    )
    receiver.text = b"<b>thanks</b>"
    answer = administrator_browser.post(reverse("webhooks:test", args=[endpoint.pk]), follow=True).content.decode()
    assert "The test was taken." in answer
    assert "&lt;b&gt;thanks&lt;/b&gt;" in answer
    renewed = administrator_browser.post(reverse("webhooks:renew_secret", args=[endpoint.pk]), follow=True)
    assert "whsec_" in renewed.content.decode()
    assert secret not in renewed.content.decode()
    administrator_browser.post(reverse("webhooks:switch", args=[endpoint.pk]))
    assert not Endpoint.objects.get().is_on
    administrator_browser.post(reverse("webhooks:switch", args=[endpoint.pk]))
    assert Endpoint.objects.get().is_on
    administrator_browser.post(reverse("webhooks:remove", args=[endpoint.pk]))
    assert not Endpoint.objects.exists()


def test_readers_and_other_workspaces_see_none(
    reader_browser: Client,
    administrator_browser: Client,
    other_workspace: Workspace,
    administrator: Person,
    receiver: Receiver,
) -> None:
    theirs, _secret = actions.make(
        other_workspace, name="Theirs", url=receiver.url, form=Form.CHAT, types=CHOSEN, by=administrator
    )
    assert reader_browser.get(reverse("webhooks:list")).status_code == 403
    assert "Theirs" not in administrator_browser.get(reverse("webhooks:list")).content.decode()
    for name in ("test", "renew_secret", "switch", "remove"):
        answer = administrator_browser.post(reverse(f"webhooks:{name}", args=[theirs.pk]))
        assert answer.status_code == 404
    assert administrator_browser.get(reverse("webhooks:webhook", args=[theirs.pk])).status_code == 404
