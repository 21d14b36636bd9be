"""Who is told of incidents, and of what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from tieout.portal.alerts import actions, queries, receivers
from tieout.portal.alerts.forms import CHOOSABLE, ChoicesForm
from tieout.portal.api.problems import Problem, Who, checked, invalid
from tieout.portal.api.shapes import told as shapes
from tieout.portal.groups.actions import tell_responsible_first
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.decorators import must_administer, must_look_after_all
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Alerts"])


@router.get("/me/alerts", response=shapes.AlertChoices)
def choices(request: HttpRequest) -> Any:
    """What the token's person is told of."""
    workspace, person = workspace_of(request), person_of(request)
    choice = receivers.choice_of(workspace, person)
    return {
        "kinds": [kind.value for kind in CHOOSABLE if kind.value not in choice.silenced],
        "choosable": [kind.value for kind in CHOOSABLE],
        "digest": choice.digest,
        "is_told": person in receivers.usual(workspace),
    }


@router.patch("/me/alerts", response=shapes.AlertChoices)
def choose(request: HttpRequest, asked: shapes.AlertChange) -> Any:
    """Be told of other kinds of incidents, or of warnings at another time."""
    workspace, person, now = workspace_of(request), person_of(request), choices(request)
    kinds = now["kinds"] if asked.kinds is None else asked.kinds
    digest = now["digest"] if asked.digest is None else asked.digest
    form = ChoicesForm({"kinds": kinds, "digest": "yes" if digest else "no"})
    checked(form)
    actions.choose_kinds(workspace, person, silenced=form.silenced, digest=digest)
    return choices(request)


@router.post("/me/alerts/test", response=shapes.MailTest)
def test_mail(request: HttpRequest) -> Any:
    """E-mail a test to the token's person, here and now."""
    must_administer(request)
    person = person_of(request)
    try:
        actions.send_test(person)
    except actions.MailRefusedError as error:
        detail = _("The mail server did not take it: %(reason)s") % {"reason": error}
        raise Problem(502, "mail-refused", detail, who=Who.OPERATOR) from error
    return {"to": person.email}


@router.get("/told", response=shapes.ReceiversOfAll)
def told(request: HttpRequest) -> Any:
    """Who is told of the workspace's incidents."""
    must_look_after_all(request)
    return _told(request, None) | {"responsible_first": workspace_of(request).responsible_first}


@router.patch("/told", response=shapes.ReceiversOfAll)
def choose_told(request: HttpRequest, asked: shapes.ReceiversOfAllChange) -> Any:
    """Have others told of the workspace's incidents."""
    must_look_after_all(request)
    if asked.chosen is not None:
        _choose(request, asked.chosen, None)
    if asked.responsible_first is not None:
        tell_responsible_first(workspace_of(request), asked.responsible_first, by=person_of(request))
    return told(request)


@router.get("/sources/{uuid:source_id}/told", response=shapes.Receivers)
def told_of_source(request: HttpRequest, source_id: UUID) -> Any:
    """Who is told of one data source's incidents; nobody chosen: those of the workspace."""
    must_administer(request)
    return _told(request, get_source(workspace_of(request), source_id))


@router.patch("/sources/{uuid:source_id}/told", response=shapes.Receivers)
def choose_told_of_source(request: HttpRequest, source_id: UUID, asked: shapes.ReceiversChange) -> Any:
    """Have others told of one data source's incidents."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    _choose(request, asked.chosen, source)
    return _told(request, source)


@router.get("/sources/{uuid:source_id}/tell-when-proved", response=shapes.Wish)
def wish(request: HttpRequest, source_id: UUID) -> Any:
    """Whether the token's person is told when the data source is proved."""
    return {"is_wished": queries.has_wish(get_source(workspace_of(request), source_id), person_of(request))}


@router.post("/sources/{uuid:source_id}/tell-when-proved", response=shapes.Wish)
def make_wish(request: HttpRequest, source_id: UUID) -> Any:
    """Tell the token's person once, when the data source is proved after now."""
    actions.wish_for_proof(get_source(workspace_of(request), source_id), person_of(request))
    return wish(request, source_id)


@router.delete("/sources/{uuid:source_id}/tell-when-proved", response={204: None})
def forget_wish(request: HttpRequest, source_id: UUID) -> Any:
    """Take the wish back."""
    actions.forget_wish(get_source(workspace_of(request), source_id), person_of(request))
    return Status(204, None)


def _choose(request: HttpRequest, ids: Sequence[int], source: Source | None) -> None:
    workspace = workspace_of(request)
    members = {person.pk: person for person in queries.members(workspace)}
    if strangers := [one for one in ids if one not in members]:
        raise invalid([("chosen", _("There is nobody of this id in the workspace: %(id)s.") % {"id": strangers[0]})])
    people: list[Person] = [members[one] for one in dict.fromkeys(ids)]
    actions.choose_receivers(workspace, people, by=person_of(request), source=source)


def _told(request: HttpRequest, source: Source | None) -> dict[str, Any]:
    workspace = workspace_of(request)
    chosen, told_now = queries.own_receivers(workspace, source), receivers.usual(workspace, source)
    return {"chosen": sorted(one.pk for one in chosen), "told": sorted(one.pk for one in told_now)}
