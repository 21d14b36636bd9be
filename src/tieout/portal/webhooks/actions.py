"""What may happen to webhooks: made, changed, switched off and on, given a new secret, removed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from tieout.connectors.base import Secret
from tieout.portal.people.models import Person
from tieout.portal.webhooks.addresses import check
from tieout.portal.webhooks.models import Delivery, Endpoint, Form
from tieout.portal.webhooks.signing import new_secret
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace


@transaction.atomic
def make(
    workspace: Workspace, *, name: str, url: str, form: str, types: Collection[str], by: Person
) -> tuple[Endpoint, str]:
    """Make a webhook; also returns its signing secret, to be shown once (empty for a chat). Raises AddressRefusedError."""
    check(url)
    now = timezone.now()
    endpoint = Endpoint(
        workspace=workspace,
        name=name,
        form=Form(form),
        types=sorted(types),
        made_by=by,
        made_at=now,
        listens_from=now,
        told_until=now,
    )
    endpoint.keep_url(url)
    secret = _give_secret(endpoint)
    endpoint.save(force_insert=True)
    tell(workspace, "webhook_made", person=by, webhook=name, host=endpoint.host)
    return endpoint, secret


def _give_secret(endpoint: Endpoint) -> str:
    if endpoint.form != Form.SIGNED:
        return ""
    secret = new_secret()
    endpoint.keep("signing_secret", Secret(secret))
    return secret


@transaction.atomic
def renew_secret(endpoint: Endpoint, *, by: Person) -> str:
    """A new signing secret, to be shown once; the old one signs nothing any more."""
    secret = _give_secret(endpoint)
    endpoint.save(update_fields=["signing_secret"])
    tell(endpoint.workspace, "webhook_secret_renewed", person=by, webhook=endpoint.name)
    return secret


@transaction.atomic
def switch_off(endpoint: Endpoint, *, by: Person) -> None:
    """Post nothing any more. What waits is forgotten when it is switched on again."""
    Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(disabled_at=timezone.now())
    tell(endpoint.workspace, "webhook_switched_off", person=by, webhook=endpoint.name)


@transaction.atomic
def switch_on(endpoint: Endpoint, *, by: Person) -> None:
    """Post what happens from now on."""
    now = timezone.now()
    Delivery.objects.filter(endpoint=endpoint, delivered_at=None).update(due_at=None)
    Endpoint.objects.filter(pk=endpoint.pk).update(
        disabled_at=None, is_disabled_by_failure=False, failing_since=None, told_until=now, listens_from=now
    )
    tell(endpoint.workspace, "webhook_switched_on", person=by, webhook=endpoint.name)


@transaction.atomic
def remove(endpoint: Endpoint, *, by: Person) -> None:
    """Forget a webhook, its secret and its log."""
    tell(endpoint.workspace, "webhook_removed", person=by, webhook=endpoint.name)
    endpoint.delete()
