"""Whose books a person may see in reports, and which of them an address asks for: the one place that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from tieout.portal.groups.models import Group
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.queries import workspace_of

GROUP = "g"  # before a group's number, where a company's id may stand


@dataclass(frozen=True, slots=True)
class Together:
    """Some companies under one name that are added up: of a group those that the person sees."""

    key: str  # as in an address
    name: str
    companies: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`ids` are those asked for, of the `allowed` ones (with names); `key` as in the address, empty for all."""

    allowed: Mapping[str, str]
    groups: Sequence[Together]
    key: str
    ids: Sequence[str]
    is_told: bool  # the address says whose, were it all


def allowed(request: HttpRequest) -> dict[str, str]:
    """The companies whose figures this request may show: their ids and what the portal calls them."""
    sources = Source.objects.in_workspace(workspace_of(request)).values_list("pk", "name")
    return {str(pk): name for pk, name in sources}


def chosen(request: HttpRequest) -> Chosen:
    """Whose books an address asks for. Raises Http404 for a company or a group that isn't there."""
    ours, groups, key = allowed(request), _groups(request), request.GET.get("company", "")
    group = next((one for one in groups if one.key == key), None)
    if key and group is None and key not in ours:
        raise Http404
    ids = sorted(group.companies) if group else [key] if key else list(ours)
    return Chosen(allowed=ours, groups=groups, key=key, ids=ids, is_told="company" in request.GET)


def _groups(request: HttpRequest) -> list[Together]:
    ours = allowed(request)
    found = Group.objects.in_workspace(workspace_of(request)).prefetch_related("companies")
    listed = [
        Together(
            f"{GROUP}{one.pk}", one.name, frozenset(str(company.pk) for company in one.companies.all()) & ours.keys()
        )
        for one in found
    ]
    return [one for one in listed if one.companies]
